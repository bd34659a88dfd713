"""SubspaceApproximation: projectors trained so that mixed codes of solved tasks decode to thetas that solve them.

With v_tm = theta_tm - theta0_m and z_tm = down_m(v_tm), w ~ Dirichlet(1) over methods and z_t = sum_m w_m z_tm:

    loss = mean_t sum_m [ lambda * ||v_tm - up_m(z_tm)|| + CE(task t | theta0_m + up_m(z_t)) ]

Source: Unified-DeltaTuning, arXiv 2210.13311.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from statistics import fmean
from typing import Any, final

import torch
from lightning import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor
from torch.optim import Optimizer

from deltalab.backbone.batch import Batch
from deltalab.delta.stack import Stack
from deltalab.errors import member
from deltalab.schedule import Schedule
from deltalab.step import losses
from deltalab.subspace.mixing import mixing
from deltalab.subspace.reconstruction import RECONSTRUCTIONS, relative_error
from deltalab.subspace.simplex import Simplex
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Subspace
from deltalab.task.metric.score import Score

__all__ = ["SubspaceApproximation"]


@final
class SubspaceApproximation(LightningModule):
    """All methods and all tasks in one pass a step; only the projectors train.

    `partitioned` gives every row to one method instead of to all: an estimate of the same loss without bias, at a
    fraction of its cost. It needs `batch_size` to be a multiple of the number of methods. Validation and test score the
    fixed points of `Simplex`; the best projectors by the mean dev score are kept.
    """

    def __init__(
        self,
        stack: Stack,
        subspace: Subspace,
        solved: Sequence[Solved],
        optimizer: Callable[[Iterable[dict[str, Any]]], Optimizer],
        schedule: Schedule,
        weight: float = 0.1,
        reconstruction: str = "l2",
        mixture: str = "dirichlet",
        partitioned: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.strict_loading = False
        self.stack, self.subspace, self.solved = stack, subspace, tuple(solved)
        self.backbone = stack.backbone.model
        self.optimizer, self.schedule = optimizer, schedule
        self.weight, self.mixture, self.partitioned = weight, mixture, partitioned
        self.reconstruct = member("reconstruction", reconstruction, RECONSTRUCTIONS, "stage.reconstruction")
        self.simplex = Simplex(stack, subspace, solved)
        self.chance = torch.Generator().manual_seed(seed)
        self.best_score, self.best_step = -math.inf, -1
        self.best: dict[str, Tensor] = {}
        self.tested: list[dict[tuple[str, str], Score]] = []
        self.history: list[dict[str, Any]] = []

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        trained = [p for p in self.subspace.parameters() if p.requires_grad]
        optimizer = self.optimizer([{"params": [p], "shapes": [tuple(p.shape)]} for p in trained])
        scheduler = self.schedule.over(optimizer, self.trainer.estimated_stepping_batches)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def training_step(self, batches: Sequence[Batch], index: int) -> Tensor | None:
        rows = self._equal(batches)
        if not len(rows):  # too few of a task's last rows for every method
            return None
        v = self._drawn()
        codes = {name: self.subspace[name].code(step) for name, step in v.items()}
        back = {name: self.subspace[name].up.step(z) for name, z in codes.items()}
        lost = torch.stack([self.reconstruct(v[name], back[name]).mean() for name in codes])
        for name in codes:
            self.log(f"train/relative_error/{name}", relative_error(v[name], back[name]).mean().detach())
        weights = mixing(self.mixture, len(self.solved), len(codes), self.chance).to(lost.device)
        mixed = torch.einsum("tm,mtd->td", weights, torch.stack(list(codes.values())))
        fitted = self.task_losses(rows, mixed)
        loss = fitted.mean(1).sum() + self.weight * lost.sum()
        self.log_dict({"train/loss": loss, "train/task": fitted.mean(), "train/reconstruction": lost.mean()})
        return loss

    def validation_step(self, batch: Batch, index: int, dataloader_idx: int = 0) -> None:
        self.simplex.answer(batch, dataloader_idx)

    def on_validation_epoch_end(self) -> None:
        scores = self.simplex.scores("dev")
        if self.trainer.sanity_checking:
            return
        score = fmean(one.value for places in scores for one in places.values())
        apart, errors = self._distances(), self._relative_errors()
        self.history.append(
            {"step": self.trainer.global_step, "score": score, "distance": apart, "relative_error": errors}
        )
        self.log("dev/score", score, prog_bar=True)
        self.log_dict({f"dev/distance/{pair}": value for pair, value in apart.items()})
        self.log_dict({f"dev/relative_error/{name}": value for name, value in errors.items()})
        if score > self.best_score:
            self.best_score, self.best_step = score, self.trainer.global_step
            self.best = {name: tensor.detach().clone() for name, tensor in self.subspace.state_dict().items()}

    def on_test_start(self) -> None:
        if self.best:
            self.subspace.load_state_dict(self.best)

    def test_step(self, batch: Batch, index: int, dataloader_idx: int = 0) -> None:
        self.simplex.answer(batch, dataloader_idx)

    def on_test_epoch_end(self) -> None:
        self.tested = self.simplex.scores("test")
        self.log("test/score", fmean(one.value for places in self.tested for one in places.values()))

    def _distances(self) -> dict[str, float]:
        """Mean distance over tasks between the codes of every two methods."""
        codes = torch.stack([self.simplex.codes(t)[:-1] for t in range(len(self.solved))])
        apart = torch.cdist(codes, codes).mean(0)
        pairs = combinations(enumerate(self.subspace.methods), 2)
        return {f"{a}-{b}": apart[i, j].item() for (i, a), (j, b) in pairs}

    @torch.no_grad()
    def _relative_errors(self) -> dict[str, float]:
        """||v - up(down(v))|| / ||v|| of each method, the mean over all its solutions."""
        found = {}
        for name in self.subspace.methods:
            v = torch.cat([one.steps[name] for one in self.solved]).to(self.device)
            found[name] = relative_error(v, self.subspace[name].up.step(self.subspace[name].code(v))).mean().item()
        return found

    def task_losses(self, batch: Batch, mixed: Tensor) -> Tensor:
        """CE (M, T) of every method at the tasks' mixed codes (T, d); the batch holds T equal blocks of rows."""
        methods = self.subspace.methods
        rows = self._parted(batch) if self.partitioned else batch.repeat(len(methods))
        return losses(self.stack, rows, self.subspace.segments(mixed)).view(len(methods), -1)

    def _parted(self, batch: Batch) -> Batch:
        """The rows of every task dealt out to the methods: (M, T, R / M)."""
        tasks, methods = len(self.solved), len(self.subspace.methods)
        index = torch.arange(len(batch), device=batch.rows.device).view(tasks, methods, -1)
        return batch.take(index.transpose(0, 1).reshape(-1))

    def _equal(self, batches: Sequence[Batch]) -> Batch:
        """As many rows of every task as the shortest batch has and, where rows are parted, as the methods can share."""
        each = min(len(batch) for batch in batches)
        if self.partitioned:
            each = max(each - each % len(self.subspace.methods), 0)
        return Batch.joined([batch.slice(0, each) for batch in batches], self.stack.backbone.pad_id)

    def _drawn(self) -> dict[str, Tensor]:
        """v (T, D) by method, one solution of each task drawn at random."""
        found = {}
        for name in self.subspace.methods:
            options = [one.steps[name] for one in self.solved]
            picks = [int(torch.randint(len(v), (), generator=self.chance)) for v in options]
            found[name] = torch.stack([v[i] for v, i in zip(options, picks, strict=True)]).to(self.device)
        return found

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["approximation"] = {
            "best": (self.best_score, self.best_step, self.best),
            "chance": self.chance.get_state(),
            "history": self.history,
        }

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        state = checkpoint["approximation"]
        self.best_score, self.best_step, self.best = state["best"]
        self.chance.set_state(state["chance"])
        self.history = state["history"]

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # noqa: ANN401
        """The projectors; the backbone is never part of a checkpoint."""
        return {k: v for k, v in super().state_dict(*args, **kwargs).items() if k.startswith("subspace.")}
