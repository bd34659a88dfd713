"""SubspaceApproximation: projectors trained so that one code of a task decodes to thetas of all methods that solve it.

With v_tm = theta_tm - theta0_m and z_tm = down_m(v_tm), w ~ Dirichlet(1) over methods and z_t = sum_m w_m z_tm:

    loss = mean_t sum_m [ lambda * ||v_tm - up_m(z_tm)|| + a_t * CE(task t | theta0_m + up_m(z_t)) ]

with a_t = 1, or T times the share of a task among T where they are not equal.

A subspace without down-projections is learnt jointly: z_t is trained itself, and the first term is left out.
Source: Unified-DeltaTuning, arXiv 2210.13311.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import Any, final

import torch
from lightning import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.optim import Optimizer

from deltalab.backbone.batch import Batch
from deltalab.delta.stack import Stack
from deltalab.errors import UserError
from deltalab.optimizer.across import average, keep_from_ddp
from deltalab.optimizer.clip import clip
from deltalab.packed.across import own, weighed
from deltalab.packed.length import steps_of
from deltalab.processes import mean
from deltalab.schedule import Schedule
from deltalab.step import losses
from deltalab.subspace.blocks import blocks
from deltalab.subspace.codes import Codes
from deltalab.subspace.encoded import Encoded
from deltalab.subspace.finite import refuse_infinite
from deltalab.subspace.free import Free
from deltalab.subspace.judge import Judge
from deltalab.subspace.mixing import UNSHARED
from deltalab.subspace.parted import deal
from deltalab.subspace.reconstruction import reconstruction as measure
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Subspace
from deltalab.task.metric.score import Score
from deltalab.task.shares import shares

__all__ = ["SubspaceApproximation"]


@final
class SubspaceApproximation(LightningModule):
    """All methods and all tasks in one pass a step; only the projectors train, and in joint mode the codes.

    `mixture` says how the methods' codes are mixed, `reconstruction` and `weight` how far they are held to the
    solutions; the joint mode uses none of them. `partitioned` gives every row to one method, drawn at random, instead
    of to all: an estimate of the same loss without bias, at a fraction of its cost. `tasks` says how much a task counts
    in the task loss (see `deltalab.task.shares`), as if its rows were drawn so often. Validation and test score the
    fixed points of the codes; the best projectors and codes by the mean dev score are kept. Raises `UserError` for an
    unknown mixture or reconstruction.
    """

    counts: Tensor

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
        tasks: str | float = "equal",
    ) -> None:
        super().__init__()
        self.strict_loading = False
        self.stack, self.subspace, self.solved = stack, subspace, tuple(solved)
        self.backbone = stack.backbone.model
        self.optimizer, self.schedule = optimizer, schedule
        self.weight, self.mixture, self.partitioned = weight, mixture, partitioned
        self.reconstruct = measure(reconstruction, weight)
        self.chance = torch.Generator().manual_seed(seed)
        each = shares([len(one.task.train) for one in solved], tasks)
        self.register_buffer("counts", torch.tensor([share * len(solved) for share in each]), persistent=False)
        self.codes = self._codes()
        keep_from_ddp(self)
        self.judge = Judge(stack, subspace, solved, partial(self.codes.points, subspace))
        self.best_score, self.best_step = -math.inf, -1
        self.best: dict[str, dict[str, Tensor]] = {}
        self.tested: list[dict[tuple[str, str], Score]] = []
        self.history: list[dict[str, Any]] = []

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        optimizer = self.optimizer([{"params": [p], "shapes": [tuple(p.shape)]} for p in self._trained()])
        scheduler = self.schedule.over(optimizer, steps_of(self.trainer))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def training_step(self, batches: Sequence[Batch], index: int) -> Tensor:
        rows = blocks(batches, self.stack.backbone.pad_id, self.chance)
        drawn = self.codes.draw(self.subspace)
        fitted = self.task_losses(rows, drawn.thetas)
        loss = (fitted * self.counts).mean(1).sum() + self.weight * drawn.loss
        refuse_infinite(whole := mean(loss), self.global_step, rows.rows, self.solved)
        found = {"loss": whole, "task": mean(fitted.mean()), **drawn.log}
        self.log_dict({f"train/{name}": value for name, value in found.items()})
        return loss

    def on_after_backward(self) -> None:
        average(self._trained())

    def configure_gradient_clipping(
        self, optimizer: Optimizer, gradient_clip_val: float | None = None, gradient_clip_algorithm: str | None = None
    ) -> None:
        clip(self._trained(), gradient_clip_val, gradient_clip_algorithm)

    def validation_step(self, batch: Batch, index: int, dataloader_idx: int = 0) -> None:
        self.judge.answer(batch, dataloader_idx)

    def on_validation_epoch_end(self) -> None:
        scores = self.judge.scores("dev")
        if self.trainer.sanity_checking:
            return
        score = fmean(one.value for places in scores for one in places.values())
        measures = self.codes.measures(self.subspace)
        self.history.append({"step": self.trainer.global_step, "score": score, **measures})
        self.log("dev/score", score, prog_bar=True)
        self.log_dict({f"dev/{kind}/{name}": x for kind, found in measures.items() for name, x in found.items()})
        if score > self.best_score:
            self.best_score, self.best_step = score, self.trainer.global_step
            self.best = {"subspace": _copied(self.subspace), "codes": _copied(self.codes)}

    def on_test_start(self) -> None:
        if self.best:
            self.subspace.load_state_dict(self.best["subspace"])
            self.codes.load_state_dict(self.best["codes"])

    def test_step(self, batch: Batch, index: int, dataloader_idx: int = 0) -> None:
        self.judge.answer(batch, dataloader_idx)

    def on_test_epoch_end(self) -> None:
        self.tested = self.judge.scores("test")
        self.log("test/score", fmean(one.value for places in self.tested for one in places.values()))

    def task_losses(self, batch: Batch, thetas: Mapping[str, Tensor]) -> Tensor:
        """CE (M, T) of every method at its thetas (T, D) of T tasks, of which the batch holds equal blocks of rows."""
        if self.partitioned:
            return self._parted(batch, thetas)
        rows = own(batch.repeat(len(thetas)), len(thetas) * len(self.solved))
        each = weighed(losses(self.stack, rows, self.subspace.stacked(thetas)), rows.terms)
        return each.view(len(thetas), -1)

    def _parted(self, batch: Batch, thetas: Mapping[str, Tensor]) -> Tensor:
        dealt = deal(len(self.solved), len(batch) // len(self.solved), len(thetas), self.chance)
        visited = {}
        for m, (name, theta) in enumerate(thetas.items()):
            tasks = dealt.tasks_of(m)
            if len(dealt.places[m]):
                visited[name] = theta if tasks is None else theta[tasks.to(theta.device)]
        rows = own(dealt.rows(batch), dealt.visits)
        each = weighed(losses(self.stack, rows, self.subspace.stacked(visited)), rows.terms)
        return dealt.estimated(each, batch)

    def _trained(self) -> list[nn.Parameter]:
        return [p for part in (self.subspace, self.codes) for p in part.parameters() if p.requires_grad]

    def _codes(self) -> Codes:
        if self.subspace.encodes:
            return Encoded(self.solved, self.reconstruct, self.mixture, self.chance)
        if self.mixture == UNSHARED:
            raise UserError(f"subspace.mixture={UNSHARED}: methods that are learnt jointly share every code")
        return Free(len(self.solved), self.subspace.dim, self.chance)

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
        """The projectors and codes; the backbone is never part of a checkpoint."""
        return {k: v for k, v in super().state_dict(*args, **kwargs).items() if k.startswith(("subspace.", "codes."))}


def _copied(module: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in module.state_dict().items()}
