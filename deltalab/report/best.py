"""Which of several jobs counts: dev selects."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

__all__ = ["best_on_dev"]

Job = TypeVar("Job")


def best_on_dev(jobs: Iterable[Job], alike: Callable[[Job], Hashable], dev: Callable[[Job], float | None]) -> list[Job]:
    """Of all `alike` the job with the best dev score, the earliest of equal ones; no score and NaN are the lowest."""
    best: dict[Hashable, Job] = {}
    for job in jobs:
        known = best.setdefault(alike(job), job)
        if _rank(dev(job)) > _rank(dev(known)):
            best[alike(job)] = job
    return list(best.values())


def _rank(score: float | None) -> float:
    return -math.inf if score is None or math.isnan(score) else score
