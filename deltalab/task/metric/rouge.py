"""Overlap of generated text with its references by longest common subsequence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from torchmetrics.functional.text import rouge_score

from deltalab.task.metric.metric import Kind, Metric

__all__ = ["RougeL"]

_WORD = re.compile(r"[a-z0-9]")


@final
@dataclass(frozen=True)
class RougeL(Metric):
    """CrossFit's Rouge-L: F1 of the longest common subsequence, the best over the references, mean over rows.

    Texts are lower-cased and split at everything but ASCII letters and digits, without stemming; where a side has no
    word left, 0.
    """

    name: ClassVar[str] = "Rouge-L"
    kind: ClassVar[Kind] = "text"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        # rougeL alone: rougeLsum would download a sentence splitter
        found = rouge_score(list(predictions), [list(row) for row in references], rouge_keys="rougeL")
        empty = sum(_WORD.search(prediction.lower()) is None for prediction in predictions)
        return float(found["rougeL_fmeasure"]), empty, {}
