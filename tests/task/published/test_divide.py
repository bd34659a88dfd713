"""Splits against the published draw, and groups that stay whole."""

from __future__ import annotations

import pytest
import torch

from deltalab.task.published.divide import FROM_TRAIN, divide


def alone(rows: dict[str, list[int]]) -> dict[str, list[int]]:
    return {split: list(range(len(of))) for split, of in rows.items()}


def test_half_of_validation_is_the_first_half_of_a_permutation():
    rows = {"train": [7, 8], "validation": list(range(100, 121))}
    order = torch.randperm(21, generator=torch.Generator().manual_seed(3)).tolist()
    parts = divide(rows, alone(rows), "validation", 3)
    assert parts["train"] == [7, 8]
    assert set(parts["dev"]) == {100 + place for place in order[:10]}
    assert set(parts["test"]) == {100 + place for place in order[10:]}


@pytest.mark.parametrize(("count", "dev"), [(30000, FROM_TRAIN), (50, 5)])
def test_train_gives_its_first_rows_of_a_permutation(count: int, dev: int):
    rows = {"train": list(range(count)), "validation": [-1, -2]}
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0)).tolist()
    parts = divide(rows, alone(rows), "train", 0)
    assert set(parts["dev"]) == set(order[:dev])
    assert set(parts["train"]) == set(order[dev:])
    assert parts["test"] == [-1, -2]


def test_groups_are_never_torn():
    of = [row // 3 for row in range(60)]
    rows = {"train": [], "validation": list(range(60))}
    parts = divide(rows, {"train": [], "validation": of}, "validation", 1)
    assert not {of[row] for row in parts["dev"]} & {of[row] for row in parts["test"]}
    assert len(parts["dev"]) == len(parts["test"]) == 30
