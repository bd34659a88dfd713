"""Alternated timing: works take turns in one process, so that whatever else the machine does falls on all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import final

import torch

from benchmarks.settings import Settings

__all__ = ["Spread", "Timings", "alternate"]

LEAST = 3


@final
@dataclass(frozen=True)
class Spread:
    """The median of `rounds` measured values, with the least and the greatest of them."""

    median: float
    least: float
    most: float
    rounds: int = 1

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """The spread of some values."""
        return cls(median(values), min(values), max(values), len(values))


@final
@dataclass(frozen=True)
class Timings:
    """Seconds of each work, one number a round."""

    rounds: Mapping[str, list[float]]

    def seconds(self, name: str) -> Spread:
        """Seconds one call of a work takes."""
        return Spread.of(self.rounds[name])

    def ratio(self, name: str, base: str) -> Spread:
        """Seconds of one work over seconds of another, taken round by round."""
        return Spread.of([a / b for a, b in zip(self.rounds[name], self.rounds[base], strict=True)])


def alternate(works: Mapping[str, Callable[[], object]], settings: Settings) -> Timings:
    """Time rounds of all works after one that is not counted; every other round runs backwards.

    There are `settings.repeats` of them, fewer but at least 3 where they would take longer than `settings.limit`.
    """
    for work in works.values():
        work()
    rounds: dict[str, list[float]] = {name: [] for name in works}
    gc.freeze()  # what exists now is not searched again
    gc.disable()
    try:
        start = time.perf_counter()
        for turn in range(settings.repeats):
            if turn >= LEAST and time.perf_counter() - start > settings.limit:
                break
            gc.collect()
            for name in list(works)[:: -1 if turn % 2 else 1]:
                rounds[name].append(_seconds(works[name], settings.place))
    finally:
        gc.enable()
        gc.unfreeze()
    return Timings(rounds)


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    _finish(device)
    start = time.perf_counter()
    work()
    _finish(device)
    return time.perf_counter() - start


def _finish(device: torch.device) -> None:
    """Wait for the work queued on an accelerator."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
