"""SubspaceOptimization: a code z alone is trained, decoded as one method, and tested decoded as every method."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, final

from torch import Tensor
from torch.optim import Optimizer

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.packed.across import joined
from deltalab.packed.job import Job
from deltalab.packed.packed import Packed
from deltalab.schedule import Schedule
from deltalab.step import Answerer
from deltalab.subspace.subspace import Subspace
from deltalab.task.metric.score import Score
from deltalab.task.task import Task

__all__ = ["SubspaceOptimization"]


@final
class SubspaceOptimization(Packed):
    """Every job trains a code of its source method; the up-projections are frozen.

    theta = decode(source, z); the best z by the source's dev score is decoded as every method of the subspace and
    tested once: the source's score is optimization, the others' are transfer. Source: arXiv 2210.13311.
    """

    def __init__(
        self,
        stack: Stack,
        subspace: Subspace,
        jobs: Sequence[Job],
        task: Task,
        answerer: Answerer,
        optimizer: Callable[[Iterable[dict[str, Any]]], Optimizer],
        schedule: Schedule,
        patience: int | None = None,
    ) -> None:
        super().__init__(stack, jobs, task, answerer, optimizer, schedule, patience)
        self.subspace = subspace.requires_grad_(False)
        self.scores: list[dict[str, Score]] = [{} for _ in jobs]
        self._decoded: list[list[Segment]] = []
        self._answers: list[dict[str, dict[int, str]]] = [{} for _ in jobs]

    def theta(self, i: int, point: Tensor) -> Tensor:
        """The code decoded as the job's source method."""
        return self.subspace.decode(self.jobs[i].delta.name, point)

    def shapes(self, i: int) -> list[tuple[int, ...]]:
        """A code is one vector."""
        return [(self.subspace.dim,)]

    def on_test_start(self) -> None:
        self._decoded = [self.subspace.segments(best) for best in self.best]

    def test_step(self, batch: Batch, index: int) -> None:
        for segments, seen in zip(self._decoded, self._answers, strict=True):
            found = self.answerer.by_row(self.stack, batch, segments)
            for name, answers in zip(self.subspace.methods, found, strict=True):
                seen.setdefault(name, {}).update(answers)

    def on_test_epoch_end(self) -> None:
        for i, job in enumerate(self.jobs):
            for name, answers in self._answers[i].items():
                self.scores[i][name] = self.task.score("test", joined(answers))
                self.log(f"{self._key('test/score', i)}/{name}", self.scores[i][name].value)
            self.progress[i].test = self.scores[i][job.delta.name]
            self._answers[i] = {}
        self._decoded = []
