"""A step of a structure search, and of retraining what it found, beside the frozen model's plain step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from benchmarks import gates
from benchmarks.figure import Figure, compared
from benchmarks.memory import compared_peaks
from benchmarks.models import backbone
from benchmarks.searches import LEVELS, mix, one_by_one, search
from benchmarks.settings import Settings
from benchmarks.timing import alternate
from benchmarks.works import Work, bound, plain
from deltalab.delta.candidates import Candidates
from deltalab.delta.method import Delta
from deltalab.search.discretize import random

__all__ = ["SHAPES", "measure", "retrain", "top"]

SHAPES = ((4, 128), (32, 64))
"""Rows of each level, and their tokens."""
SHARE = 0.01
HIGH = 7


def measure(settings: Settings) -> list[Figure]:
    """Everything at each size, on T5 v1.0, and at each shape; the optimiser's steps count, and dropout is on.

    The code of arXiv 2206.07382 took 10.8 (4 rows) and 8.5 (32 rows) plain steps for a search step at the tiny size,
    6.7 and 6.3 at the mid size; 1.5 and 1.4 for a step of retraining 83 units at the tiny size, and 0.7 for 7 units at
    the top of the mid one's decoder. It holds a second backbone, and takes passes one after the other.
    """
    figures = []
    for size in settings.sizes:
        for rows, source in SHAPES:
            shaped = replace(settings, rows=rows, source=source)
            figures += [*_steps(size, shaped), *_retraining(size, shaped), *gates.measure(_v1_0(size), shaped)]
            what = f"second backbone / search step, peak memory, {rows} x {source}"
            figures.append(compared_peaks(what, "second backbone", "search", 1, _v1_0(size), shaped))
    return [replace(one, size=one.size.removesuffix(" v1.0")) for one in [*figures, *gates.deep(settings)]]


def retrain(size: str, settings: Settings, units: Callable[[Candidates], list[int]]) -> Work:
    """Forward, backward and AdamW for some units of a search space."""
    backbone_ = backbone(size, settings)
    space = mix(backbone_)
    delta = Delta("structure", backbone_, [space.delta.units[i] for i in units(space)])
    return bound(delta, size, settings, 1, optimizer=True)


def top(space: Candidates, side: str) -> list[int]:
    """The last units of one side by layer."""
    found = [i for i, one in enumerate(space.members) if one.name.side == side and one.name.layer is not None]
    return sorted(found, key=lambda i: space.members[i].name.layer or 0)[-HIGH:]


def _steps(size: str, settings: Settings) -> list[Figure]:
    first = _v1_0(size)
    works = {"plain": plain(first, settings)}
    works |= {name: search(first, settings, upper()) for name, upper in LEVELS.items()}
    works |= {"one by one": search(first, settings, one_by_one)}
    timings = alternate(works, settings)
    pairs = [(name, "plain") for name in list(works)[1:]] + [("one by one", "finite difference")]
    return [_told(compared(a, b, first, timings, f"search step, {a} / {b}"), settings) for a, b in pairs]


def _retraining(size: str, settings: Settings) -> list[Figure]:
    first = _v1_0(size)
    budget = SHARE * backbone(first, settings).num_parameters
    chosen: dict[str, Callable[[Candidates], list[int]]] = {
        "1 %": lambda space: random(space.costs, budget, 0),
        f"top {HIGH} of decoder": lambda space: top(space, "decoder"),
        f"top {HIGH} of encoder": lambda space: top(space, "encoder"),
    }
    works = {"plain": plain(first, settings)} | {name: retrain(first, settings, one) for name, one in chosen.items()}
    timings = alternate(works, settings)
    return [_told(compared(name, "plain", first, timings, f"retraining {name} / plain"), settings) for name in chosen]


def _told(figure: Figure, settings: Settings) -> Figure:
    return replace(figure, settings={**figure.settings, "rows": settings.rows, "source": settings.source})


def _v1_0(size: str) -> str:
    return f"{size} v1.0"
