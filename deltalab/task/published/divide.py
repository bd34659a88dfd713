"""Train, dev and test out of the two splits with public labels."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Literal, TypeVar

import torch

__all__ = ["FROM_TRAIN", "divide"]

FROM_TRAIN = 2000
"""Train rows that become dev, where dev comes from train."""

T = TypeVar("T")


def divide(
    rows: Mapping[str, Sequence[T]],
    groups: Mapping[str, Sequence[Hashable]],
    dev: Literal["train", "validation"],
    seed: int,
) -> dict[str, list[T]]:
    """The splits of arXiv 2206.07382 from `train` and `validation`, drawn by `seed`, the seed of the data alone.

    From `validation`: half of it is dev, the rest test. From `train`: `FROM_TRAIN` of its rows are dev (a tenth where
    that is fewer, which is ours), and `validation` is test. Rows of one of the `groups` stay together.
    """
    most = len(rows["validation"]) // 2
    if dev == "train":
        tenth = len(rows["train"]) // 10
        most = min(FROM_TRAIN, tenth)
    drawn, rest = _drawn(rows[dev], groups[dev], most, seed)
    if dev == "train":
        return {"train": rest, "dev": drawn, "test": list(rows["validation"])}
    return {"train": list(rows["train"]), "dev": drawn, "test": rest}


def _drawn(rows: Sequence[T], groups: Sequence[Hashable], most: int, seed: int) -> tuple[list[T], list[T]]:
    """Up to `most` rows and the others, each in their own order."""
    members: dict[Hashable, int] = {}
    for group in groups:
        members[group] = members.get(group, 0) + 1
    names = list(members)
    chosen: set[Hashable] = set()
    for place in torch.randperm(len(names), generator=torch.Generator().manual_seed(seed)).tolist():
        if members[names[place]] > most:
            break
        most -= members[names[place]]
        chosen.add(names[place])
    pairs = list(zip(rows, groups, strict=True))
    return [row for row, group in pairs if group in chosen], [row for row, group in pairs if group not in chosen]
