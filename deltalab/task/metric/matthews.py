"""Matthews correlation between predicted and gold classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from torchmetrics.functional.classification import multiclass_matthews_corrcoef

from deltalab.task.metric.classes import Classes
from deltalab.task.metric.metric import Kind, Metric

__all__ = ["Matthews"]

POSITIVE = "acceptable"


@final
@dataclass(frozen=True)
class Matthews(Metric):
    """CrossFit's Matthew-Correlation, from -1 to 1.

    A task with the label `acceptable` is binary, `acceptable` against any other text; otherwise every label is a class
    and all foreign texts together are one more. Texts are compared stripped and lower-cased. Where either side holds
    one class only the coefficient is undefined and 0 is returned.
    """

    name: ClassVar[str] = "Matthew-Correlation"
    kind: ClassVar[Kind] = "class"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        rows = Classes.of(predictions, references, labels)
        predicted, gold, count = rows.predicted, rows.gold, len(rows.names) + 1
        if POSITIVE in rows.names:
            positive = rows.names.index(POSITIVE)
            predicted, gold, count = (predicted == positive).long(), (gold == positive).long(), 2
        if len(predicted.unique()) < 2 or len(gold.unique()) < 2:
            return 0.0, rows.off_label, {}
        return float(multiclass_matthews_corrcoef(predicted, gold, num_classes=count)), rows.off_label, {}
