"""StructureSearch: alpha on one half of the train rows says which units are worth what theta learns on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, final

import torch
from lightning import LightningModule
from torch import Tensor, nn
from torch.optim import Optimizer

from deltalab.backbone.batch import Batch
from deltalab.delta.candidates import Candidates
from deltalab.delta.stack import Stack
from deltalab.errors import UserError, one_of
from deltalab.packed.length import steps_of
from deltalab.schedule import Schedule
from deltalab.search.budget import BudgetSchedule
from deltalab.search.descent import descend, next_step, rate
from deltalab.search.gate import Gate, Temperature
from deltalab.search.inclusion import Inclusion
from deltalab.search.measures import measures
from deltalab.search.slopes import Slopes
from deltalab.search.strategy import Strategy
from deltalab.search.trajectory import Trajectory
from deltalab.search.trial import Trial
from deltalab.search.upper import OneLevel, Upper
from deltalab.step import Answerer
from deltalab.task.task import Task

__all__ = ["StructureSearch"]


@final
class StructureSearch(LightningModule):
    """A search for the units of `candidates` that deserve a budget (Hu et al. 2022, arXiv 2206.07382).

    Lower level: theta (D,) descends the loss on one half of the train rows. Upper level: alpha (N,) descends the loss
    on the other half through theta's next step, by `hypergradient`; with `OneLevel`, or None, both descend one loss. A
    train batch is a pair, the lower level's first (`deltalab.task.halves.Halves`), and with `OneLevel` one batch.
    `strategy` makes p from alpha, `gate` samples z from p at `temperature`, the budget falls by `budget_schedule`.

    `optimizer` and `alpha_optimizer` take parameter groups and bring their learning rates, which the schedules
    multiply; theta's is `torch.optim.AdamW` or plain SGD. `clip` and `alpha_clip` are norms, None for no clipping.
    `accumulate` cuts every batch into pieces that pass one by one: memory of one, gradient of all. alpha moves every
    `every` steps, after `warmup` ones. The trainer's clipping and accumulation stay off, its steps are those of theta.

    Each validation takes p under the whole `budget`, whatever that of the step, and scores the structure, units by
    falling p that fit, with gates 0 or 1, and the soft gates beside it; the best by `select`, "discrete" or "soft"
    (S3Delta), is kept, of equals the later: `chosen`, `best_p`, `best_score`, `best_step`. `trajectory` holds all.
    `costs` (N,) stand for numbers of parameters where the budget counts something else. Raises `UserError` for an empty
    space, a budget that no unit fits or that does not bind, and settings out of range.
    """

    def __init__(
        self,
        stack: Stack,
        candidates: Candidates,
        task: Task,
        answerer: Answerer,
        optimizer: Callable[[Iterable[dict[str, Any]]], Optimizer],
        alpha_optimizer: Callable[[Iterable[dict[str, Any]]], Optimizer],
        strategy: Strategy,
        hypergradient: Upper | OneLevel | None,
        budget: float,
        gate: Gate,
        temperature: Temperature,
        budget_schedule: BudgetSchedule,
        schedule: Schedule,
        alpha_schedule: Schedule,
        clip: float | None = 1.0,
        alpha_clip: float | None = None,
        accumulate: int = 1,
        every: int = 1,
        warmup: int = 0,
        select: str = "discrete",
        seed: int = 0,
        theta0_seed: int | None = None,
        costs: Tensor | None = None,
    ) -> None:
        super().__init__()
        _refuse(select, clip, alpha_clip, accumulate=accumulate, every=every, warmup=warmup)
        self.automatic_optimization = self.strict_loading = False  # checkpoints hold no backbone
        self.stack, self.task, self.answerer, self.candidates = stack, task, answerer, candidates
        self.backbone = stack.backbone.model  # a submodule, so that Lightning moves it
        self.upper = None if isinstance(hypergradient, OneLevel) else hypergradient
        self.makers, self.schedules = (optimizer, alpha_optimizer), (schedule, alpha_schedule)
        self.clips, self.every, self.warmup, self.select = (clip, alpha_clip), every, warmup, select
        costs = candidates.costs if costs is None else costs.cpu()
        self.inclusion = Inclusion(strategy, gate, temperature, budget_schedule, budget, costs)
        self.slopes = Slopes(stack, candidates.delta, self.inclusion, accumulate, seed)
        self.theta = nn.Parameter(candidates.delta.layout.initial(seed if theta0_seed is None else theta0_seed))
        self.alpha = nn.Parameter(torch.zeros(len(costs)))
        self.steps, self.trajectory = 0, Trajectory()

    @property
    def chosen(self) -> list[int]:
        """The positions of the best structure."""
        return self.trajectory.chosen[self.trajectory.best(self.select)]

    @property
    def best_p(self) -> Tensor:
        """p (N,) where the best structure was chosen."""
        return torch.tensor(self.trajectory.p[self.trajectory.best(self.select)], dtype=torch.float64)

    @property
    def best_score(self) -> float:
        """The dev score of the best structure with gates 0 or 1, before it is retrained."""
        return self.trajectory.discrete[self.trajectory.best(self.select)]

    @property
    def best_step(self) -> int:
        """The step at which the best structure was chosen."""
        return self.trajectory.steps[self.trajectory.best(self.select)]

    @property
    def unvalidated(self) -> bool:
        """Whether theta or alpha have moved since the last evaluation, or there was none."""
        return self.trajectory.steps[-1:] != [self.steps]

    def configure_optimizers(self) -> list[Optimizer]:
        shapes = [spec.shape for spec in self.candidates.delta.layout.specs]
        lower = self.makers[0]([{"params": [self.theta], "shapes": shapes}])
        upper = self.makers[1]([{"params": [self.alpha], "shapes": [tuple(self.alpha.shape)]}])
        if self.upper is not None:
            next_step(lower, self.theta, None)  # refuses an optimiser whose steps it does not know
        return [lower, upper]

    def on_fit_start(self) -> None:
        self.total = steps_of(self.trainer)
        self.slopes.inclusion = self.inclusion.over(self.total)
        self.slopes.inclusion.refuse_still(range(self.warmup, self.total, self.every))

    def training_step(self, batches: Any, index: int) -> None:  # noqa: ANN401
        optimizers: Any = self.optimizers()
        lower, upper = optimizers[0], optimizers[1].optimizer  # bare, for the trainer is to count theta's steps alone
        for optimizer, schedule in zip((lower.optimizer, upper), self.schedules, strict=True):
            rate(optimizer, schedule, self.steps, self.total)
        moves = self.steps >= self.warmup and (self.steps - self.warmup) % self.every == 0
        at = self.theta, self.alpha, self.steps
        if self.upper is None:
            slope = self.slopes.of_both(batches, *at) if moves else self.slopes.of_theta(batches, *at)
            descend(upper, self.alpha, slope.alpha, self.clips[1])
        else:
            train, val = batches
            if moves:
                virtual = next_step(lower.optimizer, self.theta, self.clips[0])
                above = self.slopes.of_alpha(self.upper, train, val, virtual, *at)
                descend(upper, self.alpha, above.alpha, self.clips[1])
                self.log("search/upper_loss", above.loss, batch_size=1)
            slope = self.slopes.of_theta(train, *at)
        if not slope.loss.isfinite():
            rows = [batch.rows.tolist() for batch in ([batches] if self.upper is None else batches)]
            raise UserError(f"search: loss {slope.loss:g} at step {self.steps} on train rows {rows}; lower search.lr")
        descend(lower, self.theta, slope.theta, self.clips[0])
        self.log("search/loss", slope.loss, prog_bar=True, batch_size=1)
        self.steps += 1

    @torch.no_grad()
    def on_validation_epoch_start(self) -> None:
        if not (self.theta.isfinite().all() and self.alpha.isfinite().all()):
            raise UserError(f"search: theta or alpha is not finite at step {self.steps}; lower their learning rates")
        self.trial = Trial(self.inclusion, self.candidates.delta, self.theta, self.inclusion.last(self.alpha))

    def validation_step(self, batch: Batch, index: int) -> None:
        self.trial.answer(self.stack, self.answerer, batch)

    def on_validation_epoch_end(self) -> None:
        discrete, soft = self.trial.scores(self.task)
        if self.trainer.sanity_checking:
            return
        self.trajectory.add(self.steps, self.trial.p, self.trial.chosen, discrete, soft)
        self.log_dict({"search/score": discrete, "search/soft": soft, "search/gap": soft - discrete})
        self.log_dict(self.slopes.inclusion.moved(self.steps))
        self.log_dict(measures(self.trial.p, self.trial.chosen, self.inclusion.costs, self.inclusion.budget))

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # noqa: ANN401
        """theta and alpha; the backbone is never part of a checkpoint."""
        return {k: v for k, v in super().state_dict(*args, **kwargs).items() if k in ("theta", "alpha")}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        found = {"steps": self.steps, "trajectory": self.trajectory.state()}
        checkpoint["search"] = {**found, "chance": self.slopes.chance.get_state()}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        state = checkpoint["search"]
        self.steps, self.trajectory = state["steps"], Trajectory(**state["trajectory"])
        self.slopes.chance.set_state(state["chance"])


def _refuse(select: str, clip: float | None, alpha_clip: float | None, **counts: int) -> None:
    """Raise `UserError` for a setting out of range."""
    one_of("score", select, ("discrete", "soft"), "search.select")
    for name, norm in (("clip", clip), ("alpha_clip", alpha_clip)):
        if norm is not None and not norm > 0:
            raise UserError(f"search.{name}={norm}: a norm above 0, or null for no clipping")
    for name, count in counts.items():
        if count < (least := int(name != "warmup")):
            raise UserError(f"search.{name}={count}: a whole number, at least {least}")
