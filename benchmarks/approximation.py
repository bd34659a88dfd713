"""A step that approximates a subspace of one task for three methods, beside the frozen model's plain step."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.figure import Figure, compared
from benchmarks.models import batch
from benchmarks.settings import Settings
from benchmarks.spaces import approximation, descend, one_by_one, optimizer
from benchmarks.timing import alternate
from benchmarks.works import plain

__all__ = ["measure"]


def measure(settings: Settings) -> list[Figure]:
    """Forward, backward and Adafactor on all projectors, at each size and d: in one pass, parted, and in three passes.

    Parted, every method sees a third of the rows, so of 8 rows 6 count. The code of arXiv 2210.13311 took 3.4 (d = 4)
    and 4.7 (d = 100) plain steps at the tiny size, 3.3 and 4.6 at the mid size.
    """
    return [one for size in settings.sizes for dim in settings.dims for one in _figures(size, dim, settings)]


def _figures(size: str, dim: int, settings: Settings) -> list[Figure]:
    module, rows = approximation(size, dim, 1, settings), batch(size, settings.rows, settings)
    adafactor = optimizer(list(module.subspace.parameters()), 1e-4)

    def step(partitioned: bool) -> None:
        module.partitioned = partitioned
        descend(module.training_step([rows], 0), adafactor)

    works: dict[str, Callable[[], object]] = {
        "plain": plain(size, settings),
        "one pass": lambda: step(False),
        "parted": lambda: step(True),
        "three passes": lambda: descend(one_by_one(module, [rows]), adafactor),
    }
    timings = alternate(works, settings)
    pairs = (("one pass", "plain"), ("parted", "plain"), ("three passes", "plain"), ("three passes", "one pass"))
    return [
        compared(name, base, size, timings, f"approximation d={dim}, {name} / {base}", {"d": dim})
        for name, base in pairs
    ]
