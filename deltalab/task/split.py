"""A split: the tasks a subspace or a structure is learnt on, and those it is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from deltalab.errors import UserError
from deltalab.task.task import Task

__all__ = ["Split"]


@final
@dataclass(frozen=True)
class Split:
    """Seen and unseen tasks, each by its name in `conf/task/`.

    Raises `UserError` where either side is empty, or a task stands on both (the same rows, whatever their names).
    """

    name: str
    seen: Mapping[str, Task]
    unseen: Mapping[str, Task]

    def __post_init__(self) -> None:
        """Refuse what would make a result mean nothing."""
        for side in ("seen", "unseen"):
            if not getattr(self, side):
                raise UserError(f"{side}: a split needs at least one task on either side")
        rows = {task.fingerprint: name for name, task in self.seen.items()}
        for name, task in self.unseen.items():
            if task.fingerprint in rows:
                raise UserError(f"unseen.{name}: has the same rows as the seen task {rows[task.fingerprint]}")
