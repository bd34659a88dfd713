"""Texts as class indices, for the metrics of classification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Classes", "fold"]


def fold(text: str) -> str:
    """The text as labels are compared: outer whitespace stripped, lower case."""
    return text.strip().lower()


@dataclass(frozen=True)
class Classes:
    """Rows as class indices.

    `names` are the folded labels; index `len(names)` stands for every text outside them. `predicted` and `gold` are
    (rows,). The gold of a row is the prediction itself where that is among its references, else the first reference.
    """

    names: tuple[str, ...]
    predicted: Tensor
    gold: Tensor

    @classmethod
    def of(
        cls, predictions: Sequence[str], references: Sequence[Sequence[str]], labels: Sequence[str] | None
    ) -> Classes:
        """Indices over `labels`; without a label set, over the first references of these rows."""
        source = labels if labels is not None else [row[0] for row in references]
        names = tuple(sorted({fold(label) for label in source}))
        index = {name: i for i, name in enumerate(names)}
        predicted, gold = [], []
        for prediction, row in zip(predictions, references, strict=True):
            text, allowed = fold(prediction), [fold(reference) for reference in row]
            predicted.append(index.get(text, len(names)))
            gold.append(index.get(text if text in allowed else allowed[0], len(names)))
        return cls(names, torch.tensor(predicted), torch.tensor(gold))

    @property
    def off_label(self) -> int:
        """How many predictions lie outside the label set."""
        return int((self.predicted == len(self.names)).sum())
