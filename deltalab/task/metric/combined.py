"""Several metrics of the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import final

from deltalab.errors import UserError
from deltalab.task.metric.metric import Kind, Metric

__all__ = ["Combined"]


@final
@dataclass(frozen=True)
class Combined(Metric):
    """The first of several metrics (`A/B`) or, with `mean`, their mean (`A+B`); details hold each by its name.

    Raises `UserError` where they want outputs of several kinds.
    """

    metrics: tuple[Metric, ...]
    mean: bool = False

    def __post_init__(self) -> None:
        """Refuse metrics that cannot score the same rows."""
        if len({metric.kind for metric in self.metrics}) > 1:
            kinds = ", ".join(f"{metric.name} a {metric.kind}" for metric in self.metrics)
            raise UserError(f"task.metric: '{self.name}' takes outputs of one kind, but {kinds}")

    @property
    def name(self) -> str:
        """The names of all."""
        return ("+" if self.mean else "/").join(metric.name for metric in self.metrics)

    @property
    def kind(self) -> Kind:
        """That of the first."""
        return self.metrics[0].kind

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        scores = [metric.score(predictions, references, labels, groups) for metric in self.metrics]
        details = {metric.name: score.value for metric, score in zip(self.metrics, scores, strict=True)}
        for score in reversed(scores):
            details |= score.details
        value = fmean(score.value for score in scores) if self.mean else scores[0].value
        return value, int(scores[0].details["unparsable"]), details
