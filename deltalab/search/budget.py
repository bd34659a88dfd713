"""How many parameters a structure may have, at the end and on the way there."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import final

from torch import Tensor

from deltalab.errors import UserError
from deltalab.search.decay import Decay

__all__ = ["Budget", "BudgetSchedule", "checked_total"]


@final
@dataclass(frozen=True)
class Budget:
    """A budget in parts per million of the backbone's parameters, or as a number of parameters: one of the two."""

    ppm: float | None = None
    parameters: float | None = None

    def __post_init__(self) -> None:
        given = [(name, value) for name, value in vars(self).items() if value is not None]
        if len(given) != 1:
            raise UserError(f"budget: {len(given)} of ppm and parameters are given; give one of the two")
        name, value = given[0]
        if not 0 < value < math.inf:
            raise UserError(f"budget.{name}={value}: a finite number above 0")

    def of(self, backbone_parameters: int) -> float:
        """B, a number of parameters."""
        return self.parameters if self.parameters is not None else backbone_parameters * (self.ppm or 0.0) / 1e6


@final
@dataclass(frozen=True)
class BudgetSchedule:
    """A budget that falls from everything to B; without a decay it is B from the first step."""

    decay: Decay = field(default_factory=Decay)

    def over(self, total: int) -> BudgetSchedule:
        """The same over a search of so many steps."""
        return BudgetSchedule(self.decay.over(total))

    def at(self, step: int, budget: float, total: float) -> float:
        """The budget at `step`, from `total` = sum_i n_i to `budget`; a budget above everything stays as it is."""
        return self.decay.between(max(total, budget), budget, step)


def checked_total(costs: Tensor, budget: float) -> float:
    """sum_i n_i; raises `UserError` where the budget is not above 0 or below the cheapest unit.

    Reads the costs on the host: where they are kept on the CPU it waits for no device.
    """
    if not budget > 0:
        raise UserError(f"search.budget={budget}: above 0")
    cheapest = float(costs.min())
    if cheapest > budget:
        raise UserError(f"search.budget={budget:g}: no unit fits, the cheapest costs {cheapest:g}")
    return float(costs.double().sum())
