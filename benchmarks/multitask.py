"""A step that approximates a subspace of several tasks for three methods, beside the frozen model's plain step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from benchmarks.figure import Figure, compared
from benchmarks.models import batch
from benchmarks.settings import Settings
from benchmarks.spaces import approximation, descend, one_by_one, optimizer
from benchmarks.timing import alternate
from benchmarks.works import plain

__all__ = ["measure"]

TASKS = (4, 8)


def measure(settings: Settings) -> list[Figure]:
    """Forward, backward and Adafactor with one row a task, at each size: in one pass, and in a pass a row and method.

    The code of arXiv 2210.13311, with d = 100, took 12.3 (4 tasks) and 13.1 (8 tasks) plain steps on the same rows at
    the tiny size, 9.5 (4 tasks) at the mid size.
    """
    return [one for size in settings.sizes for tasks in TASKS for one in _figures(size, tasks, settings)]


def _figures(size: str, tasks: int, settings: Settings) -> list[Figure]:
    dim, settings = settings.dims[-1], replace(settings, rows=tasks)
    module, rows = approximation(size, dim, tasks, settings), batch(size, tasks, settings)
    batches = [rows.slice(i, i + 1) for i in range(tasks)]
    adafactor = optimizer(list(module.subspace.parameters()), 1e-4)
    works: dict[str, Callable[[], object]] = {
        "plain": plain(size, settings),
        "one pass": lambda: descend(module.training_step(batches, 0), adafactor),
        "loop": lambda: descend(one_by_one(module, batches), adafactor),
    }
    timings = alternate(works, settings)
    return [
        compared(name, base, size, timings, f"{tasks} tasks d={dim}, {name} / {base}", {"d": dim, "tasks": tasks})
        for name, base in (("one pass", "plain"), ("loop", "plain"), ("loop", "one pass"))
    ]
