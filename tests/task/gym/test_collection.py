"""The collection against the facts it was made from, and the yaml of every partition."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from deltalab.task.gym.collection import collection
from deltalab.task.metric.crossfit import table

FOLDER = Path(__file__).parents[3] / "conf" / "task" / "split"


def test_every_task_is_known():
    found = collection()
    assert len(found.splits) == 8
    assert set(found.shots) == set(table())
    assert set(found.shots.values()) == {16, 32}
    named = {task for parts in found.splits.values() for tasks in parts.values() for task in tasks}
    assert named | {task for tasks in found.groups.values() for task in tasks} == set(table())


def test_it_equals_the_facts(real_tasks: Path):
    file = real_tasks.parent / "facts" / "crossfit_splits.json"
    if not file.is_file():
        pytest.skip("the splits are not beside this checkout")
    facts, found = json.loads(file.read_text()), collection()
    assert dict(found.shots) == facts["_fewshot_k"]
    assert list(found.seeds) == sorted(facts["_meta"]["_fewshot_seeds"])
    assert {name: list(tasks) for name, tasks in found.groups.items()} == facts["_groups"]
    assert set(found.splits) == {name for name in facts if name.startswith("crossfit_")}
    for name, parts in found.splits.items():
        assert {part: list(tasks) for part, tasks in parts.items()} == {part: facts[name][part] for part in parts}


@pytest.mark.parametrize("name", collection().splits)
def test_the_yaml_of_a_partition_holds_out_its_test_tasks(name: str):
    config, parts = OmegaConf.load(FOLDER / f"{name}.yaml"), collection().splits[name]
    assert config.name == name
    assert tuple(config.unseen) == (parts["test"] or parts["dev"])
    assert set(config.seen) == set(parts["train"]) - set(config.unseen)
    assert len(config.seen) == len(set(config.seen))
