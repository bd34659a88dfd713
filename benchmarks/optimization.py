"""A step that trains a code alone, decoded as each method, beside the frozen model's plain step."""

from __future__ import annotations

from collections.abc import Callable

import torch

from benchmarks.figure import Figure, compared
from benchmarks.models import backbone, batch
from benchmarks.settings import Settings
from benchmarks.spaces import answerer, descend, optimizer, subspace, task
from benchmarks.timing import alternate
from benchmarks.works import Work, plain
from deltalab.delta.stack import Stack
from deltalab.optimizer.adafactor import FlatAdafactor
from deltalab.packed.job import Job
from deltalab.schedule import Schedule
from deltalab.subspace.optimize import SubspaceOptimization
from deltalab.subspace.subspace import Subspace

__all__ = ["measure"]

RATE = 1e-2


def measure(settings: Settings) -> list[Figure]:
    """Forward, backward and Adafactor on the code, at each size and d, for each source method.

    The code of arXiv 2210.13311 took 1.12 (adapter), 1.13 (LoRA) and 1.02 (prefix) plain steps with d = 4 at the tiny
    size, 1.06 (adapter) with d = 100 at the mid size.
    """
    return [one for size in settings.sizes for dim in settings.dims for one in _figures(size, dim, settings)]


def _figures(size: str, dim: int, settings: Settings) -> list[Figure]:
    stack = Stack(backbone(size, settings))
    space, _ = subspace(stack, size, dim, settings)
    sources = {name: _step(name, stack, space, size, settings) for name in space.methods}
    works: dict[str, Callable[[], object]] = {"plain": plain(size, settings), **sources}
    timings = alternate(works, settings)
    return [
        compared(name, "plain", size, timings, f"optimization d={dim}, {name} / plain", {"d": dim}) for name in sources
    ]


def _step(source: str, stack: Stack, space: Subspace, size: str, settings: Settings) -> Work:
    start = 0.02 * torch.randn(space.dim, generator=torch.Generator().manual_seed(0))
    jobs = [Job(source, space[source].delta, 0, RATE, start)]
    module = SubspaceOptimization(stack, space, jobs, task(), answerer(), FlatAdafactor, Schedule())
    module.to(settings.place).log = lambda *args, **kwargs: None  # type: ignore[method-assign]
    adafactor, rows = optimizer(list(module.points), RATE), batch(size, settings.rows, settings)
    return lambda: descend(module.training_step(rows, 0), adafactor)
