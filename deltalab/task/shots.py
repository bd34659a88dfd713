"""Few-shot samples: so many rows of each class."""

from __future__ import annotations

import random
from collections.abc import Sequence

from deltalab.task.example import Example
from deltalab.task.whole import whole

__all__ = ["few"]


def few(
    splits: dict[str, tuple[Example, ...]], shots: int | None, labels: Sequence[str] | None, seed: int
) -> dict[str, tuple[Example, ...]]:
    """`splits` with `shots` rows of each class in train and in dev, in the rows' own order, test as it is.

    The class of a row is its first output; without a label set all rows are one class, as CrossFit has it (arXiv
    2104.08835). A class with fewer rows gives all it has. The draw depends on (`seed`, split). None takes every row.
    Raises `UserError` for less than one shot.
    """
    if shots is None:
        return splits
    whole(shots, 1, "task.shots")
    return splits | {split: _drawn(splits[split], shots, labels, f"{seed}/{split}/shots") for split in ("train", "dev")}


def _drawn(rows: Sequence[Example], shots: int, labels: Sequence[str] | None, key: str) -> tuple[Example, ...]:
    classes: dict[str | None, list[int]] = {}
    for place, row in enumerate(rows):
        classes.setdefault(None if labels is None else row.outputs[0], []).append(place)
    chance, kept = random.Random(key), []
    for name in sorted(classes, key=str):
        kept += chance.sample(classes[name], min(shots, len(classes[name])))
    return tuple(rows[place] for place in sorted(kept))
