"""F1 of one label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torchmetrics.functional.classification import binary_f1_score

from deltalab.errors import unknown
from deltalab.task.metric.classes import Classes, fold
from deltalab.task.metric.metric import Kind, Metric

__all__ = ["LabelF1"]


@final
@dataclass(frozen=True)
class LabelF1(Metric):
    """GLUE's F1 of the label `positive`, `2 TP / (2 TP + FP + FN)`; 0 where it is neither gold nor predicted.

    A prediction off the label set is wrong either way, as published (arXiv 2206.07382): a miss where `positive` is
    gold, else a false alarm. Raises `UserError` where `positive` is no label of the task.
    """

    kind: ClassVar[Kind] = "class"

    positive: str

    @property
    def name(self) -> str:
        """`F1:` and the label."""
        return f"F1:{self.positive}"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        rows = Classes.of(predictions, references, labels)
        if labels is not None and fold(self.positive) not in rows.names:
            raise unknown("label", self.positive, labels, "task.metric")
        wanted = rows.names.index(fold(self.positive)) if fold(self.positive) in rows.names else -1
        gold = rows.gold == wanted
        predicted = torch.where(rows.predicted == len(rows.names), ~gold, rows.predicted == wanted)
        return float(binary_f1_score(predicted.long(), gold.long())), rows.off_label, {}
