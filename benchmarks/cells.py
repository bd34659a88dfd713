"""What tables of scores say in a cell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import fmean, stdev

__all__ = ["mean_of_tasks", "over_seeds"]


def over_seeds(scores: Sequence[float], scale: float = 100.0) -> str:
    """Mean, and standard deviation where there are several; nothing without scores. Fractions become percent."""
    if not scores:
        return ""
    return f"{scale * fmean(scores):.1f}" + (f" ± {scale * stdev(scores):.1f}" if len(scores) > 1 else "")


def mean_of_tasks(scores: Collection[Sequence[float]]) -> str:
    """The mean in percent of the means of tasks, or nothing where one of them has no scores."""
    return f"{100 * fmean(map(fmean, scores)):.1f}" if scores and all(scores) else ""
