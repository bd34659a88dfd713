"""Fixed points at which a subspace is judged: mixtures of the codes of every method's solutions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import final

import torch
from torch import Tensor

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.subspace.mixing import fixed_points
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Subspace
from deltalab.task.metric.score import Score

__all__ = ["Simplex"]


@final
class Simplex:
    """Answers of every method at every point, for one task after the other.

    Vertex m of a task is the code of method m's solutions, averaged over them. Without `weights` (P, M) the points are
    the vertices, by method, and the "centroid"; with them, mixtures of the vertices, "0" to "P - 1". All points and all
    methods of a batch share one pass.
    """

    def __init__(
        self, stack: Stack, subspace: Subspace, solved: Sequence[Solved], weights: Tensor | None = None
    ) -> None:
        self._stack, self._subspace, self._solved = stack, subspace, tuple(solved)
        methods = subspace.methods
        self._weights = fixed_points(len(methods)) if weights is None else weights
        self.points = [*methods, "centroid"] if weights is None else [str(i) for i in range(len(weights))]
        self._decoded: dict[int, list[Segment]] = {}
        self._answers: list[dict[tuple[str, str], dict[int, str]]] = [{} for _ in solved]

    @torch.no_grad()
    def codes(self, t: int) -> Tensor:
        """The points of task t: (P, d)."""
        means = [self._subspace[name].code(v).mean(0) for name, v in self._solved[t].steps.items()]
        vertices = torch.stack(means)
        return self._weights.to(vertices) @ vertices

    @torch.no_grad()
    def answer(self, batch: Batch, t: int) -> None:
        """Take the answers to a batch of task t."""
        if t not in self._decoded:  # tasks come one after the other: once is enough for all batches of one
            self._decoded = {t: self._subspace.segments(self.codes(t))}
        found = self._solved[t].answerer.by_row(self._stack, batch, self._decoded[t])
        for place, answers in zip(product(self._subspace.methods, self.points), found, strict=True):
            self._answers[t].setdefault(place, {}).update(answers)

    def scores(self, split: str) -> list[dict[tuple[str, str], Score]]:
        """For each task the score of (method, point) on all rows answered since; the answers are then forgotten."""
        found = [
            {place: one.task.score(split, answers) for place, answers in places.items()}
            for one, places in zip(self._solved, self._answers, strict=True)
        ]
        self._answers, self._decoded = [{} for _ in self._solved], {}
        return found
