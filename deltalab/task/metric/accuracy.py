"""Accuracy of whole answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torchmetrics.functional.classification import binary_accuracy

from deltalab.task.metric.classes import fold
from deltalab.task.metric.metric import Kind, Metric

__all__ = ["Accuracy"]


@final
@dataclass(frozen=True)
class Accuracy(Metric):
    """CrossFit's ACC: the fraction of predictions equal to one of their references.

    Both sides are stripped and lower-cased, nothing else: `the negative.` is not `negative`. Unparsable is a prediction
    off the label set or, in a task of free text, an empty one.
    """

    name: ClassVar[str] = "ACC"
    kind: ClassVar[Kind] = "class"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        texts = [fold(prediction) for prediction in predictions]
        hits = [text in map(fold, row) for text, row in zip(texts, references, strict=True)]
        known = None if labels is None else {fold(label) for label in labels}
        unparsable = sum(not text if known is None else text not in known for text in texts)
        right = torch.tensor(hits, dtype=torch.int64)
        return float(binary_accuracy(right, torch.ones_like(right))), unparsable, {}
