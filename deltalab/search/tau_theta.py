"""Inclusion probabilities that meet a budget by a scaled softmax (Hu et al. 2022, arXiv 2206.07382)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deltalab.search.budget import checked_total

__all__ = ["tau_theta"]

_MARGIN = 1e-7  # the largest p stays this far below 1, where its log-odds are finite
_HALVINGS = 60


def tau_theta(alpha: Tensor, costs: Tensor, budget: float) -> Tensor:
    """Log-odds (N,) in float64 of p = theta softmax(alpha / tau), theta such that sum_i p_i n_i = B.

    tau is 1 where then no p_i exceeds 1, else the least that makes the largest p_i 1. The gradient goes through theta
    and holds tau constant, as published. Where B >= sum_i n_i all log-odds are +inf without a gradient. Raises
    `UserError` where B <= 0 or no unit fits.
    """
    total = checked_total(costs, budget)
    alpha, costs = alpha.double(), costs.to(alpha.device, torch.float64)
    if budget >= total * (1 - _MARGIN):
        return alpha * 0 + math.inf
    scaled = alpha * _inverse_tau(alpha.detach(), costs, budget / (1 - _MARGIN), total)
    log_p = scaled + math.log(budget) - (scaled + costs.log()).logsumexp(0)
    return log_p - torch.log(-torch.expm1(log_p))


def _inverse_tau(alpha: Tensor, costs: Tensor, budget: float, total: float) -> Tensor:
    """u = 1 / tau: 1, or the root of sum_i n_i exp((alpha_i - max alpha) u) = B below it.

    The sum falls from sum n at u = 0; by Jensen's inequality the root is at least log(sum n / B) over the mean
    distance of alpha_i from the maximum, weighted by n_i.
    """
    distance = alpha.max() - alpha

    def above(u: Tensor) -> Tensor:
        return ((-distance * u).exp() * costs).sum() > budget

    one = torch.ones_like(distance[0])
    least = math.log(total / budget) * total / (distance * costs).sum()
    low, high = least.clamp_max(1.0).log(), one.log()  # halved as logarithms: u may be anywhere between 1e-10 and 1
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        root_is_right = above(middle.exp())
        low, high = torch.where(root_is_right, middle, low), torch.where(root_is_right, high, middle)
    return torch.where(above(one), one, high.exp())
