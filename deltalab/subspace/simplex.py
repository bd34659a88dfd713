"""The fixed points at which a subspace is judged: the codes of every method's solutions, and their centroid."""

from __future__ import annotations

from collections.abc import Sequence
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

    Point m of a task is the code of method m's solutions, averaged over them; the last one is the centroid. All points
    and all methods of a batch share one pass.
    """

    def __init__(self, stack: Stack, subspace: Subspace, solved: Sequence[Solved]) -> None:
        self._stack, self._subspace, self._solved = stack, subspace, tuple(solved)
        methods = subspace.methods
        self.points = [*methods, "centroid"]
        self._answers: list[dict[tuple[str, str], dict[int, str]]] = [{} for _ in solved]

    @torch.no_grad()
    def codes(self, t: int) -> Tensor:
        """The points of task t: (methods + 1, d)."""
        means = [self._subspace[name].code(v).mean(0) for name, v in self._solved[t].steps.items()]
        vertices = torch.stack(means)
        return fixed_points(len(means)).to(vertices) @ vertices

    @torch.no_grad()
    def answer(self, batch: Batch, t: int) -> None:
        """Take the answers to a batch of task t."""
        methods, codes, rows = self._subspace.methods, self.codes(t), batch.rows.tolist()
        segments = [Segment(self._subspace[name].delta, self._subspace.decode(name, codes)) for name in methods]
        places = [(name, point) for name in methods for point in self.points]
        answers = self._solved[t].answerer(self._stack, batch.repeat(len(places)), segments)
        for place, start in zip(places, range(0, len(answers), len(rows)), strict=True):
            seen = self._answers[t].setdefault(place, {})
            seen.update(zip(rows, answers[start : start + len(rows)], strict=True))

    def scores(self, split: str) -> list[dict[tuple[str, str], Score]]:
        """For each task the score of (method, point) on all rows answered since; the answers are then forgotten."""
        found = [
            {place: one.task.score(split, answers) for place, answers in places.items()}
            for one, places in zip(self._solved, self._answers, strict=True)
        ]
        self._answers = [{} for _ in self._solved]
        return found
