"""Alternated timing: works take turns in one process, so that whatever else the machine does falls on all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import final

import torch

from benchmarks.limit import within
from benchmarks.settings import Settings

__all__ = ["Spread", "Timings", "alternate"]


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
    """Seconds of each work, one number a round; none where no round ended in time."""

    rounds: Mapping[str, list[float]]

    def seconds(self) -> dict[str, float]:
        """Seconds one call of each work takes, the median over rounds; empty where there is none."""
        return {name: median(values) for name, values in self.rounds.items() if values}

    def parts(self, *names: str) -> dict[str, float]:
        """The same of some works, each under its name and unit."""
        return {f"{name} s": value for name, value in self.seconds().items() if name in names}

    def ratio(self, name: str, base: str) -> Spread | None:
        """Seconds of one work over seconds of another, taken round by round; None where there is no round."""
        values = [a / b for a, b in zip(self.rounds[name], self.rounds[base], strict=True)]
        return Spread.of(values) if values else None


def alternate(works: Mapping[str, Callable[[], object]], settings: Settings) -> Timings:
    """Time `settings.repeats` rounds of all works after one that is not counted; every other round runs backwards.

    All of it ends after `settings.limit` seconds, in the middle of a call if need be: the rounds that are whole count,
    and the first one where it is the only one.
    """
    rounds: dict[str, list[float]] = {name: [] for name in works}
    end = time.perf_counter() + settings.limit

    def turns() -> None:
        for turn in range(-1, settings.repeats):
            if turn == 0:
                gc.freeze()  # what exists now is not searched again
                gc.disable()
            gc.collect()
            for name in list(works)[:: -1 if turn > 0 and turn % 2 else 1]:
                if time.perf_counter() > end:  # where the alarm rang unheard, inside a destructor
                    return
                rounds[name].append(_seconds(works[name], settings.place))

    try:
        within(settings.limit, turns)
    finally:
        gc.enable()
        gc.unfreeze()
    whole = min(len(values) for values in rounds.values())
    return Timings({name: values[whole > 1 : whole] for name, values in rounds.items()})


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
