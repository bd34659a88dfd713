"""How much each unit matters, without a search: scores (N,) to choose by, the larger the better."""

from __future__ import annotations

import torch
from torch import Tensor

from deltalab.delta.method import Delta

__all__ = ["gate_sensitivity", "gradient_squares", "magnitude"]


def gate_sensitivity(gradients: Tensor) -> Tensor:
    """s_i = |mean over S of d loss / d gate_i| from gradients (S, N), gates at 1: SNIP (Lee et al. 2019, 1810.02340).

    Zero at theta0 wherever that leaves the backbone as it is: there is nothing yet for such a gate to switch. Take it
    after some steps, or use `gradient_squares`.
    """
    return gradients.mean(0).abs()


def gradient_squares(delta: Delta, gradients: Tensor) -> Tensor:
    """s_i = mean over S of the sum of g_sj^2 over the numbers j of unit i, from gradients g (S, D) to theta.

    The empirical Fisher information of a unit, as in FISH masks (Sung et al. 2021, arXiv 2111.09839).
    """
    return _sums(delta, gradients.square().mean(0))


def magnitude(delta: Delta, change: Tensor) -> Tensor:
    """s_i = the norm of the change (D,) that tuning made to the numbers of unit i, theta - theta0."""
    return _sums(delta, change.square()).sqrt()


def _sums(delta: Delta, values: Tensor) -> Tensor:
    """The sum of values (D,) over the tensors that each unit reads."""
    sums = torch.stack([tensor.sum() for tensor in delta.layout.split(values)])
    return torch.stack([sums[list(reads)].sum() for reads in delta.reads])
