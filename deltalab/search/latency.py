"""Measured time as the cost of a unit."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.delta.candidates import Candidates
from deltalab.errors import UserError
from deltalab.search.cost import Cost, Forward
from deltalab.search.work import Work

__all__ = ["Latency"]

log = logging.getLogger(__name__)

_LEAST = 5_000_000  # nanoseconds of calls timed at once: one may take less than the clock and the way to a device do


@final
@dataclass(frozen=True)
class Latency(Cost):
    """Nanoseconds that each unit adds to a forward of this shape, where the backbone is, as a share of the backbone's.

    Modules with and without the unit take turns; the median of `repeats` differences counts, and at least 1 ns. Two
    measurements differ; a run keeps its own in `latency.json`. Warns of units too quick to be told from none.
    """

    forward: Forward = field(default_factory=lambda: Forward(rows=16))
    repeats: int = 9
    attention: str = "sdpa"

    unit: ClassVar[str] = "ns"

    def __post_init__(self) -> None:
        if self.repeats < 1:
            raise UserError(f"cost.repeats={self.repeats}: at least 1")

    def costs(self, candidates: Candidates) -> Tensor:
        backbone = candidates.delta.backbone

        def added(some: Callable[[], object], none: Callable[[], object]) -> float:
            turns = [_turn(some, none, backbone.device, bool(i % 2)) for i in range(self.repeats + 1)]
            return median(after - before for after, before in turns[1:])  # the first warms up

        with self._work(backbone) as work:
            times = work.added(candidates.delta.units, added)
        if lost := sum(time < 1 for time in times):
            log.warning(
                "cost=latency: %d of %d units add no time that can be measured and count as 1 ns; give more "
                "cost.repeats or cost.forward.rows, or a machine to itself",
                lost,
                len(times),
            )
        return torch.tensor(times, dtype=torch.float64).clamp_min(1.0)

    def denominator(self, backbone: Backbone) -> float:
        with self._work(backbone) as work:
            forward = work.forward()
            return median([_nanoseconds(forward, backbone.device) for _ in range(self.repeats + 1)][1:])

    @contextmanager
    def _work(self, backbone: Backbone) -> Iterator[Work]:
        """The work of a backbone in eval mode."""
        if backbone.device.type == "meta":
            raise UserError(f"cost=latency: backbone '{backbone.source}' has no weights; cost=flops needs none")
        training = backbone.model.training
        backbone.model.eval()
        try:
            yield Work(backbone, self.forward.batch(backbone.device), self.attention)
        finally:
            backbone.model.train(training)


def _turn(
    some: Callable[[], object], none: Callable[[], object], device: torch.device, backwards: bool
) -> tuple[float, float]:
    """Nanoseconds of both, timed in this order or in the other."""
    if backwards:
        last = _nanoseconds(none, device)
        return _nanoseconds(some, device), last
    return _nanoseconds(some, device), _nanoseconds(none, device)


def _nanoseconds(work: Callable[[], object], device: torch.device) -> float:
    """How long one call takes."""
    _finish(device)
    start = time.perf_counter_ns()
    calls = 0
    while calls == 0 or time.perf_counter_ns() - start < _LEAST:
        work()
        calls += 1
    _finish(device)
    return (time.perf_counter_ns() - start) / calls


def _finish(device: torch.device) -> None:
    """Wait for the work queued on an accelerator."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
