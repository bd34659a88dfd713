"""A gym folder is checked task by task."""

from __future__ import annotations

from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.gym.check import check, covered
from deltalab.task.gym.collection import collection

from .test_read import gym


def test_what_is_there_missing_and_damaged(tmp_path: Path):
    root = gym(tmp_path)
    (root / "boolq").mkdir()
    (root / "glue-cola" / "glue-cola_16_42_dev.tsv").write_text("no tab\n")
    (root / "glue-cola" / "glue-cola_16_87_dev.tsv").write_text("a\tb\n")
    found = {one.name: one for one in check(root)}
    assert len(found) == 160
    assert (found["sick"].sets, found["sick"].problems) == (1, ())
    assert found["glue-cola"].sets == 1
    assert [
        "glue-cola_16_42_dev.tsv:1: no tab" in found["glue-cola"].problems[0],
        len(found["glue-cola"].problems),
    ] == [True, 2]
    assert "no train split" in found["glue-cola"].problems[1]
    assert "no split files" in found["boolq"].problems[0]
    assert found["qasc"].problems == ("missing",)


def test_how_much_of_each_partition(tmp_path: Path):
    for name, (whole, of) in covered(check(gym(tmp_path))).items():
        tasks = {task for part in collection().splits[name].values() for task in part}
        assert (whole, of) == (len(tasks & {"sick", "glue-cola"}), len(tasks))


def test_no_folder(tmp_path: Path):
    with pytest.raises(UserError, match="gone: no such folder"):
        check(tmp_path / "gone")
