"""Configs of runs that another one rests on."""

from __future__ import annotations

import pytest
from omegaconf import OmegaConf

from deltalab.errors import UserError
from deltalab.run.nested import nested, seen_node

from .support import composed


def test_needs_reach_inside_the_stage():
    words = "needs.tune=['stage.schedule.shape=constant','stage.schedule.warmup=0.0','optimizer=adafactor']"
    with composed("stage=optimize", "subspace=d4", words) as config:
        inner = nested(config, "tune", config.task, 3)
    assert inner.run == "deltalab.run.tune.tune"
    assert (inner.stage.schedule.shape, inner.stage.schedule.warmup) == ("constant", 0.0)
    assert (inner.optimizer._target_, inner.seed) == ("deltalab.optimizer.FlatAdafactor", 3)


@pytest.mark.parametrize("word", ["stage=encode", "task=topic", "+task.more=1", "~seed", "subspace.dim=3", "seed=1"])
def test_what_the_outer_run_fixes_is_refused(word):
    with composed("stage=optimize", "subspace=d4") as config:
        config.needs.tune = [word]
        with pytest.raises(UserError, match=r"^needs\.tune=.*: an override such as trainer\.max_steps=300"):
            nested(config, "tune", config.task, 3)


def test_a_split_says_the_config_of_each_seen_task():
    with composed("task=split/builtin_topic") as config:
        assert seen_node(config.task, "topic") == config.task.seen.topic
    with composed("task=split/crossfit_60", "task.root=place", "task.limit.dev=7", "task.seed=5") as config:
        node = seen_node(config.task, "boolq")
    with composed("task=tsv", "task.path=place/boolq", "task.seed=5") as config:
        config.task.limit = {"train": 20_000, "dev": 7, "test": None}
        alone = OmegaConf.to_container(config.task)
    assert {key: alone.pop(key) for key in ("name", "metric", "prefix")} == {
        "name": None,
        "metric": None,
        "prefix": None,
    }
    assert OmegaConf.to_container(node) == alone
