"""Correlation between predicted and gold numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor
from torchmetrics.functional.regression import pearson_corrcoef, spearman_corrcoef

from deltalab.errors import UserError
from deltalab.task.metric.metric import Kind, Metric

__all__ = ["Pearson", "Spearman", "number"]


def number(text: str) -> float | None:
    """The finite number that `text` writes, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@final
@dataclass(frozen=True)
class Pearson(Metric):
    """Pearson correlation of the numbers read from the texts, against the first reference, from -1 to 1.

    An unparsable prediction takes the mean of the parsable ones, so it can only shrink the correlation: by the square
    root of the share of the gold's sum of squares that the parsable rows hold. A constant side gives 0. Raises
    `UserError` for a reference that is no number.
    """

    name: ClassVar[str] = "Pearson-Correlation"
    kind: ClassVar[Kind] = "number"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        return _correlate(pearson_corrcoef, predictions, references, self.name)


@final
@dataclass(frozen=True)
class Spearman(Metric):
    """Spearman rank correlation, ties sharing their mean rank; texts are read as `Pearson` reads them."""

    name: ClassVar[str] = "Spearman-Correlation"
    kind: ClassVar[Kind] = "number"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        return _correlate(spearman_corrcoef, predictions, references, self.name)


def _correlate(
    coefficient: Callable[[Tensor, Tensor], Tensor],
    predictions: Sequence[str],
    references: Sequence[Sequence[str]],
    name: str,
) -> tuple[float, int, dict[str, float]]:
    read = [number(prediction) for prediction in predictions]
    unparsable = read.count(None)
    gold = _standard([_gold(row[0], name) for row in references])
    parsed = iter(_standard([value for value in read if value is not None]).tolist())
    # the parsable predictions are centred, so 0 is their mean
    predicted = torch.tensor([0.0 if value is None else next(parsed) for value in read], dtype=torch.float64)
    if not predicted.any() or not gold.any():
        return 0.0, unparsable, {}
    return float(coefficient(predicted, gold).clamp(-1, 1)), unparsable, {}


def _gold(text: str, name: str) -> float:
    value = number(text)
    if value is None:
        raise UserError(f"task.metric: {name} needs outputs that are numbers, got '{text}'")
    return value


def _standard(values: Sequence[float]) -> Tensor:
    """Centred and scaled into [-1, 1], which no correlation notices; all zeros when constant. Guards huge values."""
    if len(set(values)) < 2:
        return torch.zeros(len(values), dtype=torch.float64)
    x = torch.tensor(values, dtype=torch.float64)
    x = x / x.abs().max()
    x = x - x.mean()
    return x / x.abs().max().clamp(min=torch.finfo(x.dtype).tiny)
