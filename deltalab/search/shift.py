"""Inclusion probabilities that meet a budget by one shared shift (Hu et al. 2022, arXiv 2206.07382)."""

from __future__ import annotations

import math
from typing import Any, final

import torch
import torch.nn.functional as F
from torch import Tensor

from deltalab.errors import UserError, one_of
from deltalab.search.budget import checked_total

__all__ = ["shift"]

_GRADIENTS = ("implicit", "published")
_PARTS, _CUTS, _NEWTON = 16, 9, 3


def shift(alpha: Tensor, costs: Tensor, budget: float, beta: float = 1.0, gradient: str = "implicit") -> Tensor:
    """Log-odds (N,) of p_i = sigmoid((alpha_i - b) / beta) with b such that sum_i p_i n_i = B.

    alpha (N,), costs n (N,), float64 whatever the format of alpha: float32 cannot hold both |alpha| = 1e4 and the
    budget. Where B >= sum_i n_i all log-odds are +inf (p = 1) without a gradient. "implicit" differentiates b, any
    number of times: db/dalpha_j = n_j s'_j / sum_i n_i s'_i, s' the slope of the sigmoid. "published" holds b constant
    and sends through p / sum(p) * const, which keeps sum p and not sum p n; its second derivatives are not meant.
    Raises `UserError` for beta <= 0, B <= 0, or where no unit fits.
    """
    if not beta > 0:
        raise UserError(f"strategy.beta={beta}: a number above 0")
    one_of("gradient", gradient, _GRADIENTS, "strategy.gradient")
    total = checked_total(costs, budget)
    alpha, costs = alpha.double(), costs.to(alpha.device, torch.float64)
    if budget >= total:
        return alpha * 0 + math.inf
    if gradient == "implicit":
        return (alpha - _Threshold.apply(alpha, costs, budget, total, beta)) / beta
    return _sum_kept((alpha - _solve(alpha.detach(), costs, budget, total, beta)) / beta)


@final
class _Threshold(torch.autograd.Function):
    """b as a function of alpha by the implicit function theorem."""

    @staticmethod
    def forward(ctx: Any, alpha: Tensor, costs: Tensor, budget: float, total: float, beta: float) -> Tensor:  # noqa: ANN401
        b = _solve(alpha, costs, budget, total, beta)
        ctx.save_for_backward(alpha, costs, b)
        ctx.beta = beta
        return b

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None, None, None]:  # type: ignore[override]  # noqa: ANN401
        alpha, costs, b = ctx.saved_tensors
        x = (alpha - b) / ctx.beta
        # A softmax of logarithms: n s' itself is 0 / 0 where every sigmoid is flat.
        weights = (costs.log() + F.logsigmoid(x) + F.logsigmoid(-x)).softmax(0)
        return grad * weights, None, None, None, None


def _solve(alpha: Tensor, costs: Tensor, budget: float, total: float, beta: float) -> Tensor:
    """b by cutting a bracket into parts until its width is far below beta, then by Newton steps inside it.

    0 < B < total. All points of a cut are tried at once: few operations, and none that waits for a device.
    """
    # Were all alphas alike, b would be alpha - beta logit(B / total).
    even = beta * (math.log(budget) - math.log(total - budget))
    low, high = alpha.min() - even, alpha.max() - even
    parts = torch.linspace(0, 1, _PARTS + 1, dtype=alpha.dtype, device=alpha.device)
    for _ in range(_CUTS):
        points = low.lerp(high, parts)
        spent = ((alpha - points[1:-1, None]) / beta).sigmoid() @ costs
        below = (spent > budget).sum().view(1)
        low, high = points.index_select(0, below), points.index_select(0, below + 1)
    b = (low + high) / 2
    for _ in range(_NEWTON):
        x = (alpha - b) / beta
        p = x.sigmoid()
        excess = (p * costs).sum() - budget
        low, high = torch.where(excess > 0, b, low), torch.where(excess > 0, high, b)
        newton = b + excess * beta / (p * (-x).sigmoid() * costs).sum()
        b = torch.where((newton >= low) & (newton <= high), newton, b)
    return b.squeeze(0)


def _sum_kept(x: Tensor) -> Tensor:
    """The same log-odds, their gradient that of the log-odds of p / sum(p) * const."""
    log_sum = F.logsigmoid(x).logsumexp(0)
    return x - (log_sum - log_sum.detach()) / (-x).sigmoid().detach().clamp_min(1e-7)
