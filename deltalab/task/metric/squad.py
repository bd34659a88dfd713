"""Answers compared as SQuAD compares them: exact match and token F1."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from torchmetrics.functional.text import squad

from deltalab.task.metric.metric import Kind, Metric

__all__ = ["QAF1", "ExactMatch", "normal"]

_ARTICLE = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normal(text: str) -> str:
    """The text as both metrics see it: lower case, no ASCII punctuation, no `a`, `an`, `the`, single spaces."""
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_PUNCTUATION)).split())


@final
@dataclass(frozen=True)
class ExactMatch(Metric):
    """CrossFit's EM: the fraction of predictions that, as `normal` leaves them, equal one of their references."""

    name: ClassVar[str] = "EM"
    kind: ClassVar[Kind] = "text"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        return _mean("exact_match", predictions, references)


@final
@dataclass(frozen=True)
class QAF1(Metric):
    """CrossFit's QA-F1: harmonic mean of token precision and recall, the best over the references, mean over rows.

    Tokens are the words of `normal`; where one side has none, 1 if both are empty, else 0.
    """

    name: ClassVar[str] = "QA-F1"
    kind: ClassVar[Kind] = "text"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        return _mean("f1", predictions, references)


def _mean(
    key: str, predictions: Sequence[str], references: Sequence[Sequence[str]]
) -> tuple[float, int, dict[str, float]]:
    # row by row: over many rows torchmetrics adds up in float32 and loses the fifth digit
    total = 0.0
    for prediction, row in zip(predictions, references, strict=True):
        answers: dict[str, list[str] | list[int]] = {"text": list(row), "answer_start": [0] * len(row)}
        total += float(squad({"prediction_text": prediction, "id": "0"}, {"answers": answers, "id": "0"})[key])
    empty = sum(not normal(prediction) for prediction in predictions)
    return total / 100.0 / len(predictions), empty, {}
