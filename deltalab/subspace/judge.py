"""Scores of every method at the points where a subspace is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

import torch

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.packed.across import joined
from deltalab.subspace.codes import Places
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Subspace
from deltalab.task.metric.score import Score

__all__ = ["Judge"]


@final
class Judge:
    """Answers of every method at its points, for one task after the other; all of a batch share one pass.

    `points` gives the places of task t; they are asked for once in a round of scores.
    """

    def __init__(
        self, stack: Stack, subspace: Subspace, solved: Sequence[Solved], points: Callable[[int], Places]
    ) -> None:
        self._stack, self._subspace, self._solved, self._points = stack, subspace, tuple(solved), points
        self._decoded: dict[int, tuple[list[tuple[str, str]], list[Segment]]] = {}
        self._answers: list[dict[tuple[str, str], dict[int, str]]] = [{} for _ in solved]

    @torch.no_grad()
    def answer(self, batch: Batch, t: int) -> None:
        """Take the answers to a batch of task t."""
        if t not in self._decoded:  # tasks come one after the other: once is enough for all batches of one
            self._decoded = {t: self._segments(self._points(t))}
        places, segments = self._decoded[t]
        found = self._solved[t].answerer.by_row(self._stack, batch, segments)
        for place, answers in zip(places, found, strict=True):
            self._answers[t].setdefault(place, {}).update(answers)

    def scores(self, split: str) -> list[dict[tuple[str, str], Score]]:
        """For each task the score of (method, point) on the rows that all processes answered since, now forgotten."""
        found = [
            {place: one.task.score(split, joined(answers)) for place, answers in places.items()}
            for one, places in zip(self._solved, self._answers, strict=True)
        ]
        self._answers, self._decoded = [{} for _ in self._solved], {}
        return found

    def _segments(self, points: Places) -> tuple[list[tuple[str, str]], list[Segment]]:
        """The places in order, and the points of each method decoded."""
        places = [(method, point) for method, codes in points.items() for point in codes]
        return places, self._subspace.segments({name: torch.stack(list(z.values())) for name, z in points.items()})
