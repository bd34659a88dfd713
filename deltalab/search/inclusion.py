"""Which units take part at each step of a search, and with how much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import torch
from torch import Tensor

from deltalab.errors import UserError
from deltalab.search.budget import BudgetSchedule, checked_total
from deltalab.search.gate import Gate, Temperature, logistic_noise
from deltalab.search.strategy import L0, Strategy

__all__ = ["Inclusion"]


@final
@dataclass(frozen=True)
class Inclusion:
    """Inclusion probabilities and gates of N units with costs (N,) over the steps of a search for a budget.

    Raises `UserError` for no unit, a budget that no unit fits or that does not bind, and settings out of range.
    """

    strategy: Strategy
    gate: Gate
    temperature: Temperature
    schedule: BudgetSchedule
    budget: float
    costs: Tensor

    def __post_init__(self) -> None:
        if not len(self.costs):
            raise UserError("search_space: has no units to choose from; name at least one method that has some")
        total = checked_total(self.costs, self.budget)
        if self.budget >= total:
            raise UserError(
                f"search.budget={self.budget:g}: does not bind, all units together cost {total:g}; "
                "give less, or tune them all without a search"
            )
        self.penalty(self.last(torch.zeros(len(self.costs))), 0)  # refuses wrong settings at once

    def over(self, total: int) -> Inclusion:
        """The same over a search of so many steps, which decays may be a share of."""
        return replace(self, temperature=self.temperature.over(total), schedule=self.schedule.over(total))

    def refuse_still(self, moves: range) -> None:
        """Raise `UserError` where alpha changes p at no step it moves: under a budget of everything p is 1 anyway."""
        alpha = torch.zeros(len(self.costs))
        if not any(bool(self.log_odds(alpha, step).isfinite().any()) for step in moves):
            raise UserError(
                f"search.max_steps={moves.stop}: alpha never moves, for search.warmup is {moves.start}, search.every "
                f"{moves.step}, and at step 0 a falling budget is still everything; give more steps"
            )

    def budget_at(self, step: int) -> float:
        """The budget at a step."""
        return self.schedule.at(step, self.budget, float(self.costs.sum()))

    @property
    def unread(self) -> dict[str, str]:
        """The settings that nothing looks at, and why."""
        found = {}
        if isinstance(self.strategy, L0):
            found["budget_schedule"] = "strategy=l0 has no budget before the choice"
        if self.gate.kind == "soft" and not isinstance(self.strategy, L0):
            found["temperature"] = "gate=soft takes p itself, at no temperature"
        return found

    def moved(self, step: int) -> dict[str, float]:
        """What a curve of the search shows of the temperature and the budget at a step, where anything looks at it."""
        now = {"temperature": self.temperature.at(step), "budget_schedule": self.budget_at(step)}
        return {f"search/{key.partition('_')[0]}": now[key] for key in now if key not in self.unread}

    def log_odds(self, alpha: Tensor, step: int) -> Tensor:
        """Log-odds of p (N,) in float64."""
        return self.strategy(alpha, self.costs, self.budget_at(step))

    def last(self, alpha: Tensor) -> Tensor:
        """Log-odds of p (N,) under the budget itself, with which the search ends."""
        return self.strategy(alpha, self.costs, self.budget)

    def sample(self, logits: Tensor, step: int, chance: torch.Generator) -> Tensor:
        """Gates z (N,) in float32 from log-odds."""
        noise = logistic_noise(len(logits), chance).to(logits.device)
        return self.gate(logits, noise, self.temperature.at(step)).float()

    def penalty(self, logits: Tensor, step: int) -> Tensor | None:
        """What the strategy adds to the loss of alpha."""
        return self.strategy.penalty(logits, self.gate, self.temperature.at(step))
