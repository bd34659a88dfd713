"""StructureSearch: alpha on one half of the train rows says which units are worth what theta learns on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, final

from lightning import LightningModule
from torch import Tensor
from torch.optim import Optimizer

from deltalab.delta.candidates import Candidates
from deltalab.delta.stack import Stack
from deltalab.schedule import Schedule
from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.search.strategy import Strategy
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
    `every` steps, after `warmup` steps. The trainer's own clipping and accumulation stay off; a step of the trainer is
    one of theta. Dropout needs a stack with attention="eager".

    Each validation scores the structure, units by falling p up to `budget`, with gates 0 or 1, and the soft gates
    beside it; the best by `select`, "discrete" or "soft" (S3Delta), is kept, of equals the later: `chosen`, `best_p`,
    `best_score`, `best_step`. `trajectory` holds all. `costs` (N,) stand for numbers of parameters where the budget
    counts something else. Raises `UserError` for an empty space, a budget that no unit fits or that does not bind, and
    settings out of range.
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
        raise NotImplementedError
