"""A split keeps its two sides apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.task.split import Split

SIZES = {"train": 20, "dev": 5, "test": 5}
CONF = Path(__file__).parents[2] / "conf"
SPLITS = sorted(path.stem for path in (CONF / "task" / "split").glob("builtin_*.yaml"))


def test_two_sides():
    movie, topic = make("movie_sentiment", SIZES), make("topic", SIZES)
    split = Split("two", {"movie_sentiment": movie}, {"topic": topic})
    assert (split.seen["movie_sentiment"], split.unseen["topic"]) == (movie, topic)


def test_an_empty_side_is_refused():
    with pytest.raises(UserError, match=r"^unseen: a split needs"):
        Split("one", {"topic": make("topic", SIZES)}, {})
    with pytest.raises(UserError, match=r"^seen: a split needs"):
        Split("one", {}, {"topic": make("topic", SIZES)})


def test_the_same_rows_on_both_sides_are_refused():
    with pytest.raises(UserError, match=r"^unseen\.other: has the same rows as the seen task topic"):
        Split("twice", {"topic": make("topic", SIZES)}, {"other": make("topic", SIZES)})
    Split("seeds", {"topic": make("topic", SIZES)}, {"other": make("topic", SIZES, seed=1)})


def read(name: str) -> Split:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        task = compose("train", overrides=[f"task=split/{name}"]).task
    for side in (task.seen, task.unseen):
        for one in side.values():
            one.sizes = SIZES
    return instantiate(task, _convert_="all")


@pytest.mark.parametrize("name", SPLITS)
def test_the_splits_that_come_along(name):
    split = read(name)
    assert split.name == name
    assert all(task.name == key for side in (split.seen, split.unseen) for key, task in side.items())
    rows = [
        {row.input for task in side.values() for part in ("train", "dev", "test") for row in task.split(part)}
        for side in (split.seen, split.unseen)
    ]
    assert not rows[0] & rows[1]


def test_the_split_of_many():
    split = read("builtin_multi")
    assert len(split.seen) >= 16
    assert len(split.unseen) >= 6
    assert sum(len(read(name).seen) == 1 for name in SPLITS) >= 4  # the others go from one task to its kin


def test_the_documentation_lists_them():
    lines = (CONF.parent / "docs" / "tasks.md").read_text().split("## Splits")[1].splitlines()
    made = []
    for name in SPLITS:
        split = read(name)
        made.append(f"| `{name}` | {', '.join(split.seen)} | {', '.join(split.unseen)} |")
    assert [line for line in lines if line.startswith("| `")] == made
