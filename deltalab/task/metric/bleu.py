"""Overlap of generated text with its references by n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from torchmetrics.functional.text import bleu_score

from deltalab.task.metric.metric import Kind, Metric

__all__ = ["Bleu"]


@final
@dataclass(frozen=True)
class Bleu(Metric):
    """Corpus BLEU-4 without smoothing: brevity penalty times the geometric mean of clipped n-gram precisions, n <= 4.

    Tokens are what whitespace separates, as they are written; 0 where no n-gram of some length is right.
    """

    name: ClassVar[str] = "BLEU"
    kind: ClassVar[Kind] = "text"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        empty = sum(not prediction.strip() for prediction in predictions)
        return float(bleu_score(list(predictions), [list(row) for row in references])), empty, {}
