"""Ranking labels with three methods in one pass, beside the frozen model's plain step on the same rows."""

from __future__ import annotations

from dataclasses import replace

import torch

from benchmarks.figure import Figure, compared
from benchmarks.models import backbone, batch
from benchmarks.settings import Settings
from benchmarks.spaces import subspace
from benchmarks.timing import alternate
from benchmarks.works import plain
from deltalab.delta.stack import Stack
from deltalab.step import Answerer

__all__ = ["measure"]

BATCHES = 5
"""How many training batches make one for validation: 40 rows of 8."""
LABELS = torch.tensor([[3, 4, 1], [5, 6, 1]])


def measure(settings: Settings) -> list[Figure]:
    """One code decoded as adapter, LoRA and prefix, and the likelier of 2 labels for every row, at each size.

    The plain step is forward and backward, the ranking forward alone. The code of arXiv 2210.13311 took 1.7 s (tiny)
    and 20.9 s (mid) for such a batch, in three losses and three generations of at most 8 tokens, on a machine whose
    plain step on 8 of the rows took 0.14 s and 1.28 s.
    """
    return [_figure(size, settings) for size in settings.sizes]


def _figure(size: str, settings: Settings) -> Figure:
    settings = replace(settings, rows=BATCHES * settings.rows)
    stack, rows = Stack(backbone(size, settings)), batch(size, settings.rows, settings)
    stack.backbone.model.eval()
    space, _ = subspace(stack, size, settings.dims[-1], settings)
    with torch.no_grad():
        segments = space.segments(torch.zeros(space.dim, device=settings.place))
    answers = Answerer(lambda ids: [], ("no", "yes"), LABELS)
    works = {"plain": plain(size, settings), "ranking": lambda: answers.by_row(stack, rows, segments)}
    return compared(
        "ranking",
        "plain",
        size,
        alternate(works, settings),
        "2 labels ranked by 3 methods / plain step",
        {"rows": settings.rows, "labels": len(LABELS)},
    )
