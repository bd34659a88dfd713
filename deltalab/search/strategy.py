"""The ways from alpha to inclusion probabilities as objects of one signature, with their settings.

Each takes alpha (N,), costs n (N,) and a budget, and returns log-odds of p (N,) in float64; `penalty` is what it adds
to the loss that alpha descends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, final

from torch import Tensor

from deltalab.errors import UserError
from deltalab.search.gate import Gate
from deltalab.search.l0 import l0, l0_penalty
from deltalab.search.shift import shift
from deltalab.search.tau_theta import tau_theta

__all__ = ["L0", "Shift", "Strategy", "TauTheta"]


class Strategy(Protocol):
    """From alpha to log-odds of p."""

    def __call__(self, alpha: Tensor, costs: Tensor, budget: float) -> Tensor:
        """Log-odds (N,) in float64."""
        ...

    def penalty(self, logits: Tensor, gate: Gate, temperature: float) -> Tensor | None:
        """What is added to the loss of alpha (), None for nothing."""
        ...


@final
@dataclass(frozen=True)
class Shift:
    """`deltalab.search.shift.shift`: sum_i p_i n_i = B by one shared shift."""

    beta: float = 1.0
    gradient: str = "implicit"

    def __call__(self, alpha: Tensor, costs: Tensor, budget: float) -> Tensor:
        return shift(alpha, costs, budget, self.beta, self.gradient)

    def penalty(self, logits: Tensor, gate: Gate, temperature: float) -> None:
        """None: the budget is met as it is."""


@final
@dataclass(frozen=True)
class TauTheta:
    """`deltalab.search.tau_theta.tau_theta`: sum_i p_i n_i = B by a scaled softmax."""

    def __call__(self, alpha: Tensor, costs: Tensor, budget: float) -> Tensor:
        return tau_theta(alpha, costs, budget)

    def penalty(self, logits: Tensor, gate: Gate, temperature: float) -> None:
        """None: the budget is met as it is."""


@final
@dataclass(frozen=True)
class L0:
    """`deltalab.search.l0`: no budget before the choice, but `weight` times the expected number of open gates.

    It needs gates that reach 0 (`gate.low` below 0).
    """

    weight: float = 1e-3
    beta: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise UserError(f"strategy.weight={self.weight}: a number, at least 0")

    def __call__(self, alpha: Tensor, costs: Tensor, budget: float) -> Tensor:
        return l0(alpha, self.beta)

    def penalty(self, logits: Tensor, gate: Gate, temperature: float) -> Tensor:
        """weight sum_i P(z_i > 0)."""
        return self.weight * l0_penalty(logits, gate, temperature)
