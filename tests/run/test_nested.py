"""The config of a run that another one rests on."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from omegaconf import OmegaConf

from deltalab.errors import UserError
from deltalab.run.nested import nested, task_node
from deltalab.run.splits import member_node

from .support import composed


@contextmanager
def inner(*overrides: str, stage: str = "tune", seed: int = 7, **given):
    with composed("stage=optimize", "subspace=d4", *overrides) as config:
        yield nested(config, stage, config.task, seed, **given)


def test_the_usual_numbers_of_a_stage_are_those_of_its_own_command():
    with composed("stage=approximate", "subspace=d4") as config:
        expected = OmegaConf.to_container(config, resolve=True)
    with inner("recipe.max_steps=3", "optimizer.lr=9", "stage.patience=2", stage="approximate") as found:
        assert found.run == "deltalab.run.approximate.approximate"
        for group in ("optimizer", "recipe", "data"):
            assert OmegaConf.to_container(found[group], resolve=True) == expected[group]
        assert found.trainer.max_steps == expected["trainer"]["max_steps"]
        assert found.stage.schedule.shape == "constant"


def test_the_outer_run_gives_backbone_data_store_task_and_seed():
    outer = (
        "backbone.dropout=0.25",
        "stack.attention=eager",
        "store.root=mine",
        "data.max_input_length=33",
        "data.template.input='say {input}'",
        "trainer.accelerator=cpu",
        "trainer.precision=bf16-mixed",
        "task=topic",
        "task.sizes.train=5",
        "seed=1",
    )
    with inner(*outer) as found:
        assert (found.backbone.dropout, found.stack.attention, found.store.root) == (0.25, "eager", "mine")
        assert (found.data.max_input_length, found.data.template.input) == (33, "say {input}")
        assert (found.trainer.accelerator, found.trainer.precision) == ("cpu", "bf16-mixed")
        assert (found.task.name, found.task.sizes.train, found.seed) == ("topic", 5, 7)


def test_what_is_none_of_the_inner_run_stays_outside():
    with inner("resume=some.ckpt", "pack.lr=[1]", "pack.delta=[lora]", "data.batch_size=3", "theta0_seed=9") as found:
        assert (found.resume, found.pack.lr, found.pack.delta, found.theta0_seed) == (None, None, None, None)
        assert found.data.batch_size == 32
        assert (set(found.callbacks), found.logger) == ({"checkpoint", "progress"}, {})


def test_overrides_reach_the_stage_they_are_for():
    needs = ("needs.tune=['data.batch_size=3','stage.patience=4']", "needs.approximate=['recipe.lr=0.5']")
    with inner(*needs) as found:
        assert (found.data.batch_size, found.stage.patience, found.optimizer.lr) == (3, 4, None)
    with inner(*needs, stage="approximate") as found:
        assert (found.data.batch_size, found.optimizer.lr) == (8, 0.5)


def test_the_trainer_is_of_the_same_kind():
    with inner("trainer=smoke", "trainer.max_steps=9") as found:
        assert (found.trainer.max_steps, found.trainer.limit_test_batches) == (2, 1)


def test_a_node_can_be_handed_over():
    with inner(stage="approximate", subspace=OmegaConf.create({"dim": 3, "weight": 4})) as found:
        assert (found.subspace, found.stage.weight) == ({"dim": 3, "weight": 4}, 4)


def test_one_inner_run_does_not_change_the_next():
    with composed("stage=optimize", "subspace=d4") as config:
        nested(config, "tune", config.task, 7).data.batch_size = 99
        assert nested(config, "tune", config.task, 7).data.batch_size == 32


WRONG = [
    ("[3]", "needs.tune=3: an override such as "),
    ("['trainer.max_step=3']", "needs.tune=['trainer.max_step=3']: "),
    ("['optimizer=adamm']", "needs.tune=['optimizer=adamm']: "),
]


@pytest.mark.parametrize(("given", "message"), WRONG, ids=[given for given, _ in WRONG])
def test_other_overrides_are_refused(given, message):
    with pytest.raises(UserError, match=re.escape(message)), inner(f"needs.tune={given}"):
        pass


def test_a_source_task_is_an_option_or_overrides():
    with composed("task=topic", "task.seed=5"):
        assert (task_node("acceptability", "key").name, task_node("acceptability", "key").seed) == ("acceptability", 0)
        assert set(task_node("split/builtin_topic", "key").seen) == {"topic"}
        node = task_node(["task=tsv", "task.path=rows", "task.limit.dev=3"], "key")
        assert (node.path, node.limit.dev) == ("rows", 3)


@pytest.mark.parametrize("source", [3, [], ["seed=1"], ["task=topic", "seed=1"], [3]], ids=str)
def test_another_source_is_refused(source):
    with composed(), pytest.raises(UserError, match=r"^key=.*: the name of a task or split"):
        task_node(source, "key")


def test_needs_reach_inside_the_stage():
    words = "needs.tune=['stage.schedule.shape=constant','stage.schedule.warmup=0.0','optimizer=adafactor']"
    with composed("stage=optimize", "subspace=d4", words) as config:
        inner = nested(config, "tune", config.task, 3)
    assert inner.run == "deltalab.run.tune.tune"
    assert (inner.stage.schedule.shape, inner.stage.schedule.warmup) == ("constant", 0.0)
    assert (inner.optimizer._target_, inner.seed) == ("deltalab.optimizer.adafactor.FlatAdafactor", 3)


OUTER = ["stage=encode", "task=topic", "+task.more=1", "~seed", "subspace.dim=3", "seed=1"]
IGNORED = ["solution=DIR", "resume=FILE", "theta0_seed=1", "delta=lora", "pack.lr=[1]", "experiment=demo"]
SHARED = ["data.max_input_length=3", "data.template.input='{input}'", "trainer.precision=64", "store.root=x"]


@pytest.mark.parametrize("word", OUTER + IGNORED + SHARED)
def test_what_the_outer_run_fixes_is_refused(word):
    with composed("stage=optimize", "subspace=d4") as config:
        config.needs.tune = [word]
        with pytest.raises(UserError, match=r"^needs\.tune=.*: an override such as 'trainer\.max_steps=300'"):
            nested(config, "tune", config.task, 3)


def test_a_split_says_the_config_of_each_seen_task():
    with composed("task=split/builtin_topic") as config:
        assert member_node(config.task, "topic") == config.task.seen.topic
    with composed("task=split/crossfit_60", "task.root=place", "task.limit.dev=7", "task.seed=5") as config:
        node = member_node(config.task, "boolq")
    with composed("task=tsv", "task.path=place/boolq", "task.seed=5") as config:
        config.task.limit = {"train": 20_000, "dev": 7, "test": None}
        alone = OmegaConf.to_container(config.task)
    assert {key: alone.pop(key) for key in ("name", "metric")} == {"name": None, "metric": None}
    assert OmegaConf.to_container(node) == alone
