"""Macro-averaged F1 over the classes of a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torchmetrics.functional.classification import multiclass_f1_score

from deltalab.task.metric.classes import Classes
from deltalab.task.metric.metric import Kind, Metric

__all__ = ["MacroF1"]


@final
@dataclass(frozen=True)
class MacroF1(Metric):
    """CrossFit's Classification-F1: the mean over classes of `2 TP / (2 TP + FP + FN)`.

    The classes are the task's label set, compared stripped and lower-cased. A prediction off the label set is a miss
    for its gold class and adds no class of its own; so does a gold label never seen in train, which is a false alarm of
    the class predicted. A class that is neither gold nor predicted in these rows has no F1 and is left out of the mean,
    so a perfect prediction scores 1 on any subset (details: `classes`, the number averaged).
    """

    name: ClassVar[str] = "Classification-F1"
    kind: ClassVar[Kind] = "class"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        rows = Classes.of(predictions, references, labels)
        count = len(rows.names)
        f1 = multiclass_f1_score(rows.predicted, rows.gold, num_classes=count + 1, average="none")
        present = torch.bincount(torch.cat([rows.predicted, rows.gold]), minlength=count + 1) > 0
        kept = f1[:count][present[:count]].double()  # (classes,) without the index of foreign texts
        value = float(kept.mean()) if len(kept) else 0.0
        return value, rows.off_label, {"classes": float(len(kept))}
