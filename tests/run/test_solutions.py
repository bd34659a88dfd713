"""What the name of finished work is made of, and how work is found again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from deltalab.run.build import build
from deltalab.run.facts import circumstances, solution_facts
from deltalab.run.ground import Ground, ground
from deltalab.run.pack import jobs, methods
from deltalab.store.key import content_key

from .stages import ROWS
from .support import composed, save_model

PLAIN = (f"task.sizes={ROWS}", "trainer.max_steps=5")


@pytest.fixture(scope="module")
def base(model) -> Ground:
    with composed("backbone=t5", f"backbone.path={model}") as config:
        return ground(config)


@pytest.fixture(scope="module")
def keys(base: Ground, model: Path) -> Callable[..., list[str]]:
    """`keys(*overrides)`: the keys of the jobs that a config of stage=tune describes."""

    def found(*overrides: str, on: Ground = base) -> list[str]:
        with composed("backbone=t5", f"backbone.path={model}", *PLAIN, *overrides) as config:
            chosen, task = methods(config), build(config, "task")
            around = circumstances(config, on)
            (method,) = chosen.values()
            wanted = jobs(config, on.backbone, chosen)
            return [content_key(solution_facts(around, task, method, job)) for job in wanted]

    return found


@pytest.fixture(scope="module")
def plain(keys: Callable[..., list[str]]) -> list[str]:
    """The key of the one job without overrides."""
    return keys()


SAME = [
    ["logger=csv"],
    ["callbacks=quiet"],
    ["trainer.accelerator=cpu"],
    ["trainer.devices=2"],
    ["trainer.log_every_n_steps=1"],
    ["trainer.enable_model_summary=true"],
    ["+trainer.enable_progress_bar=false"],
    ["data.eval_batch_size=7"],
    ["data.workers=3"],
    ["store.root=elsewhere"],
    ["output_dir=elsewhere"],
    ["resume=some.ckpt"],
    ["optimizer.lr=1e-3"],
    ["delta.lr=1e-3"],
    ["pack.seed=[42]"],
    ["theta0_seed=42"],
    ["pack.delta=[lora]"],
]
OTHER = [
    ["optimizer.lr=2e-3"],
    ["delta.lr=2e-3"],
    ["optimizer.weight_decay=0.1"],
    ["optimizer=adafactor"],
    ["trainer.max_steps=6"],
    ["trainer.val_check_interval=3"],
    ["trainer.precision=bf16-mixed"],
    ["trainer.gradient_clip_val=2.0"],
    ["trainer.accumulate_grad_batches=2"],
    ["+trainer.limit_val_batches=1"],
    ["+callbacks.swa={_target_: lightning.pytorch.callbacks.StochasticWeightAveraging, swa_lrs: 0.01}"],
    ["stage.patience=3"],
    ["stage.schedule.shape=constant"],
    ["data.batch_size=4"],
    ["data.max_input_length=16"],
    ["data.template.input='say {input}'"],
    ["task.noise=0.25"],
    ["task.seed=1"],
    ["task.sizes.train=47"],
    ["task.evaluation=generate"],
    ["task=restaurant_sentiment"],
    ["delta.rank=3"],
    ["delta.dropout=0.1"],
    ["delta=ia3"],
    ["seed=43"],
    ["theta0_seed=43"],
]


@pytest.mark.parametrize("overrides", SAME, ids=" ".join)
def test_what_changes_no_result_changes_no_key(overrides, keys, plain):
    assert keys(*overrides) == plain


@pytest.mark.parametrize("overrides", OTHER, ids=" ".join)
def test_what_changes_a_result_changes_the_key(overrides, keys, plain):
    assert keys(*overrides) != plain


def test_every_job_of_a_pack_has_the_key_it_would_have_alone(keys):
    packed = keys("pack.seed=[1,2]", "pack.lr=[0.1,0.2]")
    alone = [keys(f"seed={seed}", f"optimizer.lr={lr}") for seed in (1, 2) for lr in (0.1, 0.2)]
    assert packed == [key for (key,) in alone]
    assert len(set(packed)) == 4


def test_another_backbone_or_dropout_is_another_key(keys, plain, model, tmp_path):
    other = save_model(tmp_path / "other", seed=1)
    for overrides in ([f"backbone.path={other}"], [f"backbone.path={model}", "backbone.dropout=0.25"]):
        with composed("backbone=t5", *overrides) as config:
            assert keys(on=ground(config)) != plain
