"""Which jobs of a sweep share a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from deltalab.errors import UserError
from deltalab.run.packing import Member, alike, most, read_members, units, write_members
from deltalab.sweep.job import Job

from .support import composed


def key(*overrides: str, name: str = "train") -> str | None:
    """What a job of these overrides shares with those it can be packed with."""
    with composed(*overrides, name=name) as config:
        content = OmegaConf.to_container(config, resolve=True)
        del content["output_dir"], content["sweep"]
        return alike(content)


@pytest.mark.parametrize(
    "word", ["seed=7", "delta=adapter", "delta.rank=2", "optimizer.lr=0.1", "recipe.lr=0.1", "name=x"]
)
def test_jobs_that_differ_in_what_a_pack_can_hold_are_packed(word: str) -> None:
    assert key(word) == key() is not None


DIFFERENT = [
    "task=topic",
    "recipe.batch_size=4",
    "trainer.max_steps=7",
    "stage.patience=2",
    "theta0_seed=3",
    "task.seed=${seed}",
    "data.workers=1",
    "optimizer.weight_decay=0.1",
]


@pytest.mark.parametrize("word", DIFFERENT)
def test_jobs_that_differ_in_anything_else_are_not(word: str) -> None:
    assert key(word) not in (key(), None)


def test_what_follows_from_a_seed_counts_where_it_is_used() -> None:
    assert key("seed=1", "task.seed=${seed}") != key("seed=2", "task.seed=${seed}")


@pytest.mark.parametrize(
    "words",
    [["stage=approximate", "subspace=d4"], ["pack.seed=[0,1]"], ["resume=x"], ["+trainer.limit_test_batches=2"]],
)
def test_some_jobs_run_apart(words: list[str]) -> None:
    assert key(*words) is None


def test_a_search_runs_apart() -> None:
    assert key(name="search") is None


def test_units_keep_the_order_and_the_size() -> None:
    jobs = [Job(name, name, []) for name in "abcdefg"]
    keys = dict(zip("abcdefg", ["x", None, "x", "y", "x", None, "y"], strict=True))
    found = {size: ["".join(job.key for job in unit) for unit in units(jobs, keys, size)] for size in (0, 1, 2)}
    assert found == {0: ["ace", "b", "dg", "f"], 1: ["a", "c", "e", "b", "d", "g", "f"], 2: ["ac", "e", "b", "dg", "f"]}


@pytest.mark.parametrize(("value", "size"), [(False, 1), (True, 0), (2, 2), (30, 30)])
def test_how_many_share_a_run(value: object, size: int) -> None:
    assert most(value) == size


@pytest.mark.parametrize("value", [0, 1, -1, "yes", 2.5, None])
def test_another_number_is_refused(value: object) -> None:
    with pytest.raises(UserError, match=r"^sweep\.pack=.*: must be a whole number, at least 2"):
        most(value)


def test_members_are_read_as_they_were_written(tmp_path: Path) -> None:
    members = [Member("0", "lora", {"seed": 1}, ["seed=1"]), Member("1", "ia3", {"seed": None}, [])]
    assert read_members(write_members(tmp_path / "packs" / "x", members)) == members


@pytest.mark.parametrize("text", ["", "[]", '{"members": [{"folder": "0"}]}', "{}"])
def test_a_damaged_list_of_members_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "members.json").write_text(text)
    with pytest.raises(UserError, match=r"^sweep\.members=.*members\.json: is no list"):
        read_members(tmp_path / "members.json")
    with pytest.raises(UserError, match=r"none\.json: is no list"):
        read_members(tmp_path / "none.json")
