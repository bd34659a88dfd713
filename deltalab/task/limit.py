"""Row caps: part of a split, drawn by chance."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from deltalab.errors import UserError, one_of
from deltalab.task.example import Example
from deltalab.task.task import SPLITS
from deltalab.task.whole import whole

__all__ = ["Limit"]


@final
@dataclass(frozen=True)
class Limit:
    """At most so many rows of each split, None for all; drawn with `seed`, which is not the seed of the run."""

    train: int | None = None
    dev: int | None = None
    test: int | None = None
    seed: int = 0

    @classmethod
    def of(cls, caps: Mapping[str, int | None], seed: int = 0) -> Limit:
        """The caps of a mapping; `UserError` for no mapping, a foreign split, a cap below 1 or a negative seed."""
        if not isinstance(caps, Mapping):
            raise UserError(
                f"task.limit: '{caps}' is not allowed; allowed: a cap for each split, as task.limit.dev=1000"
            )
        for split, cap in caps.items():
            one_of("split", split, SPLITS, "task.limit")
            if cap is not None:
                whole(cap, 1, f"task.limit.{split}")
        train, dev, test = (caps.get(split) for split in SPLITS)
        return cls(train, dev, test, whole(seed, 0, "task.seed"))

    def take(self, split: str, rows: Sequence[Example]) -> tuple[Example, ...]:
        """A sample without replacement in the rows' own order; each split has its own draw.

        Where rows have groups, whole groups are drawn as long as they fit.
        """
        cap = {"train": self.train, "dev": self.dev, "test": self.test}[split]
        if cap is None or cap >= len(rows):
            return tuple(rows)
        chance = random.Random(f"{self.seed}/{split}")
        if any(row.group is not None for row in rows):
            return _whole_groups(rows, cap, chance)
        drawn = chance.sample(range(len(rows)), cap)
        return tuple(rows[row] for row in sorted(drawn))


def _whole_groups(rows: Sequence[Example], cap: int, chance: random.Random) -> tuple[Example, ...]:
    sizes = Counter(row.group for row in rows)
    kept: set[str | None] = set()
    for group in chance.sample(list(sizes), len(sizes)):
        if sizes[group] <= cap:
            cap -= sizes[group]
            kept.add(group)
    return tuple(row for row in rows if row.group in kept)
