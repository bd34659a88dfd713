"""Groups of rows that are answered without a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import torch

from deltalab.task.metric.classes import Classes
from deltalab.task.metric.metric import Kind, Metric

__all__ = ["GroupExactMatch"]


@final
@dataclass(frozen=True)
class GroupExactMatch(Metric):
    """MultiRC's EM: the fraction of groups all of whose rows are right (details: `groups`, their number).

    Rows of one question form a group; a row without one is a group of its own.
    """

    name: ClassVar[str] = "Group-EM"
    kind: ClassVar[Kind] = "class"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        rows = Classes.of(predictions, references, labels)
        right = (rows.predicted == rows.gold) & (rows.predicted < len(rows.names))
        places: dict[object, int] = {}
        keys = [row if group is None else (group,) for row, group in enumerate(groups or [None] * len(predictions))]
        group_of = torch.tensor([places.setdefault(key, len(places)) for key in keys])
        whole = torch.ones(len(places)).scatter_reduce(0, group_of, right.float(), "amin")
        return float(whole.double().mean()), rows.off_label, {"groups": float(len(places))}
