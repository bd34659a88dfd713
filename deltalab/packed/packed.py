"""Packed: a LightningModule that trains one vector for each job, all in one pass over one frozen backbone."""

from __future__ import annotations

import itertools
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from lightning import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.optim import Optimizer

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError
from deltalab.optimizer.clip import clip
from deltalab.packed import across
from deltalab.packed.job import DIVERGED, Job, Progress, patient
from deltalab.packed.length import steps_of
from deltalab.processes import mean, world
from deltalab.schedule import Schedule
from deltalab.step import Answerer, losses
from deltalab.task.metric.score import Score
from deltalab.task.task import Task

__all__ = ["Packed"]

log = logging.getLogger(__name__)


class Packed(LightningModule, ABC):
    """Jobs stacked over one backbone, each with its own point, optimiser state, learning rate and early stopping.

    A point is the vector that a job trains: a theta, or what stands for one. A train batch holds one equal block of
    rows for each job, in order; evaluation repeats every row for every job. The best point of a job is that of its
    highest dev score; `patience` counts validations without a better one, None never stops early. A job whose loss or
    point is not finite ends there, back at its best point; the others go on.
    """

    def __init__(
        self,
        stack: Stack,
        jobs: Sequence[Job],
        task: Task,
        answerer: Answerer,
        optimizer: Callable[[Iterable[dict[str, Any]]], Optimizer],
        schedule: Schedule,
        patience: int | None = None,
    ) -> None:
        super().__init__()
        self.strict_loading = False  # checkpoints hold no backbone
        self.stack, self.jobs, self.task, self.answerer = stack, tuple(jobs), task, answerer
        self.backbone = stack.backbone.model  # a submodule, so that Lightning moves it
        self.optimizer, self.schedule, self.patience = optimizer, schedule, patient(patience)
        self.points = nn.ParameterList([job.start.clone() for job in jobs])
        self.best = nn.ParameterList([nn.Parameter(job.start.clone(), requires_grad=False) for job in jobs])
        self.progress = [Progress() for _ in jobs]

    @abstractmethod
    def theta(self, i: int, point: Tensor) -> Tensor:
        """The theta (D,) that a point of job i stands for."""

    @abstractmethod
    def shapes(self, i: int) -> list[tuple[int, ...]]:
        """Shapes of the tensors laid end to end in a point of job i, for optimisers that look at them."""

    @property
    def running(self) -> list[int]:
        """The jobs still in training."""
        return [i for i, job in enumerate(self.jobs) if job.delta.size and self.progress[i].ended is None]

    def unvalidated(self, step: int) -> list[int]:
        """The jobs whose point has moved since their last dev score, and those that never had one."""
        moving = set(self.running)
        return [i for i, p in enumerate(self.progress) if p.last_step < 0 or (i in moving and p.last_step != step)]

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        groups = [
            {"params": [point], "lr": job.lr, "shapes": self.shapes(i)}
            for i, (job, point) in enumerate(zip(self.jobs, self.points, strict=True))
            if job.delta.size
        ]
        optimizer = self.optimizer(groups)
        scheduler = self.schedule.over(optimizer, steps_of(self.trainer))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def configure_gradient_clipping(
        self, optimizer: Optimizer, gradient_clip_val: float | None = None, gradient_clip_algorithm: str | None = None
    ) -> None:
        """Clip each job by its own norm, so that a job in a pack takes the step it would take alone."""
        for point in self.points:
            clip([point], gradient_clip_val, gradient_clip_algorithm)

    def on_train_start(self) -> None:
        self.trainer.should_stop |= not self.running  # where it goes on from its end

    def training_step(self, batch: Batch, index: int) -> Tensor | None:
        running = self.running
        if not running:  # where the trainer has a minimum of steps to reach
            return None
        rows = across.own(self._blocks(batch, running), len(running))
        each = across.weighed(losses(self.stack, rows, self._segments(running, self.points)), rows.terms)
        finite = across.everywhere(each.isfinite())
        for i, value, fine in zip(running, mean(each).tolist(), finite.tolist(), strict=True):
            self.log(self._key("train/loss", i), value, batch_size=1, prog_bar=len(self.jobs) == 1)
            if not fine:
                self._diverge(i, f"loss {value}", f", train rows {batch.rows.view(len(self.jobs), -1)[i].tolist()}")
        total = torch.where(finite, each, 0.0).sum()
        # DDP waits for a gradient of every point
        return total if world() == 1 else total + sum(0.0 * point.sum() for point in self.points)

    def on_before_optimizer_step(self, optimizer: Optimizer) -> None:
        for point, progress in zip(self.points, self.progress, strict=True):
            if progress.ended is not None:
                point.grad = None

    def on_validation_epoch_start(self) -> None:
        for i in self.running:
            if not self.points[i].isfinite().all():
                self._diverge(i, "not finite")

    def validation_step(self, batch: Batch, index: int) -> None:
        self._answer(batch, self.unvalidated(self.trainer.global_step), self.points)

    def on_validation_epoch_end(self) -> None:
        step = self.trainer.global_step
        for i in self.unvalidated(step):
            score = self._score("dev", i)
            if self.trainer.sanity_checking:
                continue
            self.log(self._key("dev/score", i), score.value, prog_bar=len(self.jobs) == 1)
            # One that is not running is still where it started.
            if self.progress[i].judge(score, step if i in self.running else 0, self.patience):
                self.best[i].data.copy_(self.points[i].data)
        self.trainer.should_stop |= not self.running

    def test_step(self, batch: Batch, index: int) -> None:
        self._answer(batch, range(len(self.jobs)), self.best)

    def on_test_epoch_end(self) -> None:
        for i, progress in enumerate(self.progress):
            progress.test = self._score("test", i)
            self.log(self._key("test/score", i), progress.test.value)

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # noqa: ANN401
        """The points, present and best; the backbone is never part of a checkpoint."""
        return {k: v for k, v in super().state_dict(*args, **kwargs).items() if k.startswith(("points.", "best."))}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["progress"] = [progress.state() for progress in self.progress]

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.progress = [Progress.restored(state) for state in checkpoint["progress"]]

    def _key(self, name: str, i: int) -> str:
        return name if len(self.jobs) == 1 else f"{name}/{self.jobs[i].name}"

    def _segments(self, chosen: Sequence[int], points: nn.ParameterList) -> list[Segment]:
        """One segment for each run of neighbours with the same delta."""
        runs = [list(run) for _, run in itertools.groupby(chosen, key=lambda i: id(self.jobs[i].delta))]
        segments = []
        for run in runs:
            thetas = [self.theta(i, points[i]) for i in run]
            segments.append(Segment(self.jobs[run[0]].delta, thetas[0] if len(run) == 1 else torch.stack(thetas)))
        return segments

    def _blocks(self, batch: Batch, chosen: Sequence[int]) -> Batch:
        """The blocks of rows of these jobs."""
        if len(chosen) == len(self.jobs):
            return batch
        blocks = torch.arange(len(batch), device=batch.rows.device).view(len(self.jobs), -1)
        return batch.take(blocks[list(chosen)].reshape(-1))

    def _answer(self, batch: Batch, chosen: Sequence[int], points: nn.ParameterList) -> None:
        if not chosen:
            return
        found = self.answerer.by_row(self.stack, batch, self._segments(chosen, points))
        for i, answers in zip(chosen, found, strict=True):
            self.progress[i].answers.update(answers)

    def _score(self, split: str, i: int) -> Score:
        """The score of job i's answers so far, which are then forgotten."""
        answers, self.progress[i].answers = across.joined(self.progress[i].answers), {}
        return self.task.score(split, answers)

    def _diverge(self, i: int, why: str, where: str = "") -> None:
        self.progress[i].ended = DIVERGED
        self.points[i].data.copy_(self.best[i].data)
        message = f"job {self.jobs[i].name}: {why} at step {self.trainer.global_step}, lr {self.jobs[i].lr:g}{where}"
        if all(p.ended == DIVERGED for job, p in zip(self.jobs, self.progress, strict=True) if job.delta.size):
            raise UserError(f"{message}; no job is left to train: lower optimizer.lr or set trainer.gradient_clip_val")
        log.error("%s; this job ends here", message)
        self.trainer.should_stop |= not self.running
