"""So many rows of each class, no matter how many there are."""

from __future__ import annotations

from collections import Counter

import pytest

from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.shots import few

ROWS = tuple(Example(str(row), ("abc"[min(row % 7, 2)],)) for row in range(70))
SPLITS = {"train": ROWS, "dev": ROWS, "test": ROWS}


def test_each_class_has_its_shots_in_the_order_of_the_rows():
    kept = few(SPLITS, 4, ("a", "b", "c"), 0)
    for split in ("train", "dev"):
        assert Counter(row.outputs[0] for row in kept[split]) == {"a": 4, "b": 4, "c": 4}
        assert [int(row.input) for row in kept[split]] == sorted(int(row.input) for row in kept[split])
    assert kept["train"] != kept["dev"]
    assert kept["test"] == ROWS


def test_a_small_class_gives_all_it_has():
    assert Counter(row.outputs[0] for row in few(SPLITS, 11, ("a", "b", "c"), 0)["train"]) == {
        "a": 10,
        "b": 10,
        "c": 11,
    }


def test_free_text_is_one_class():
    assert len(few(SPLITS, 5, None, 0)["train"]) == 5


def test_the_seed_draws():
    draws = [few(SPLITS, 4, ("a", "b", "c"), seed)["train"] for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]
    assert few(SPLITS, None, None, 0) == SPLITS


@pytest.mark.parametrize("shots", [0, -1, 1.5, True])
def test_mistakes(shots: object):
    with pytest.raises(UserError, match=r"^task\.shots: '.*' is not allowed"):
        few(SPLITS, shots, None, 0)
