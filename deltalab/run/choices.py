"""How units are chosen without any training: by chance, evenly, or all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, final

from lightning.pytorch.loggers import Logger
from omegaconf import DictConfig
from torch import Tensor

from deltalab.delta.candidates import Candidates
from deltalab.errors import UserError
from deltalab.run.budgets import Allowed, allowed
from deltalab.run.build import build
from deltalab.run.ground import Ground
from deltalab.run.overrides import overridden
from deltalab.run.pack import seed_of
from deltalab.run.ranks import lead
from deltalab.run.remembered import Remembered
from deltalab.search.cost import Cost
from deltalab.search.discretize import random, uniform
from deltalab.search.latency import Latency
from deltalab.task.task import Task

__all__ = ["Asked", "Choice", "by_chance", "evenly", "everything"]


@final
@dataclass(frozen=True)
class Asked:
    """What a choice is made from."""

    config: DictConfig
    base: Ground
    task: Task
    space: Candidates
    loggers: Sequence[Logger]

    @cached_property
    def cost(self) -> Cost | Remembered:
        """What a budget is made of."""
        made = build(self.config, "cost")
        assert isinstance(made, Cost)
        return Remembered(made, Path(self.config.output_dir) / "latency.json") if isinstance(made, Latency) else made

    @cached_property
    def costs(self) -> Tensor:
        """n (N,); measured costs are measured once, in one process."""
        return lead(lambda: self.cost.costs(self.space))

    @cached_property
    def budget(self) -> Allowed:
        """The budget; raises `UserError` where nothing is left to choose under it."""
        return allowed(self.config, self.cost, self.costs, self.base.backbone)


@final
@dataclass(frozen=True)
class Choice:
    """The positions of the chosen units, the budget they fill where there is one, p (N,) where it was learnt.

    `found` is what else a record keeps.
    """

    units: Sequence[int]
    budget: Allowed | None = None
    p: Tensor | None = None
    found: Mapping[str, Any] = field(default_factory=dict)


def by_chance(asked: Asked, seed: int) -> Choice:
    """Units drawn until none fits."""
    units = random(asked.costs, asked.budget.amount, seed_of(seed, "choice.seed"))
    return Choice(units, asked.budget)


def evenly(asked: Asked) -> Choice:
    """Units spread over layers and roles."""
    names = [member.name for member in asked.space.members]
    return Choice(uniform(names, asked.costs, asked.budget.amount), asked.budget)


def everything(asked: Asked) -> Choice:
    """Every unit; raises `UserError` where a budget is asked for."""
    if given := overridden("budget", "cost"):
        raise UserError(f"{given[0]}: choice=all takes every unit of the search space")
    return Choice(range(len(asked.space.members)))
