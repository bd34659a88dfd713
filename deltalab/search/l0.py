"""Inclusion probabilities without a budget, held down by an L0 penalty (Louizos et al. 2018, arXiv 1712.01312)."""

from __future__ import annotations

from torch import Tensor

from deltalab.errors import UserError
from deltalab.search.gate import Gate

__all__ = ["l0", "l0_penalty"]


def l0(alpha: Tensor, beta: float = 1.0) -> Tensor:
    """Log-odds alpha / beta (N,) in float64 of p = sigmoid(alpha / beta); raises `UserError` for beta <= 0."""
    if not beta > 0:
        raise UserError(f"strategy.beta={beta}: a number above 0")
    return alpha.double() / beta


def l0_penalty(logits: Tensor, gate: Gate, temperature: float = 1.0, costs: Tensor | None = None) -> Tensor:
    """sum_i P(z_i > 0): how many gates are open on average, or with costs (N,) how many parameters these have.

    Raises `UserError` for a gate that is never exactly 0.
    """
    open_ = gate.open_probability(logits, temperature)
    return open_.sum() if costs is None else (open_ * costs.to(open_)).sum()
