"""The interface of every metric: predicted texts and acceptable texts in, one score out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Literal

from deltalab.task.metric.score import Score

__all__ = ["Kind", "Metric"]

Kind = Literal["class", "number", "text"]


class Metric(ABC):
    """Compares one prediction a row with that row's acceptable outputs.

    `name` is the metric's name in CrossFit; `kind` tells what an output is: a class label, a number, or free text.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """What `task.metric` calls it."""

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """What an output is."""

    def score(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None = None,
        groups: Sequence[str | None] | None = None,
    ) -> Score:
        """The score of `predictions`, row by row against `references`, over the task's label set where there is one.

        `groups` says which rows belong together, for the metrics that ask. Raises `ValueError` when there is no row,
        when the lengths differ, or when a row has no reference.
        """
        if len(predictions) != len(references) or (groups is not None and len(groups) != len(references)):
            raise ValueError(f"{len(predictions)} predictions for {len(references)} rows")
        if not predictions or not all(references):
            raise ValueError("a score needs at least one row, and every row a reference")
        value, unparsable, extra = self._measure(predictions, references, labels, groups)
        rows = len(predictions)
        details = {"rows": float(rows), "unparsable": float(unparsable), "unparsable_rate": unparsable / rows}
        return Score(value, details | extra)

    @abstractmethod
    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        """The value, the number of predictions that could not be read, and further details."""
