"""Gradients shrunk before a step."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from deltalab.optimizer.factors import Factors, Matrix

__all__ = ["clip"]


def clip(parameters: Iterable[Tensor], limit: float | None, by: str | None) -> None:
    """Shrink gradients in place: each number to at most `limit` where `by` is "value", else their common norm.

    Lightning's own clipping refuses fused optimisers wherever precision is mixed, though only float16 scales gradients,
    and knows nothing of gradients that are held in factors.
    """
    given = list(parameters)
    held = [one for one in given if isinstance(one, Matrix) and one.factors]
    if limit and by == "value":
        for matrix in held:
            matrix.settle()
        torch.nn.utils.clip_grad_value_(given, limit)
    elif limit:
        _by_norm(given, held, limit)


def _by_norm(parameters: list[Tensor], held: list[Matrix], limit: float) -> None:
    for matrix in held:
        if matrix.grad is not None:
            matrix.settle()
    factors = [one.factors for one in held if one.factors]
    norms = [Factors.of(one).norm() for one in factors]  # a number is its own norm
    total = torch.nn.utils.get_total_norm([*(one.grad for one in parameters if one.grad is not None), *norms])
    torch.nn.utils.clip_grads_with_norm_(parameters, limit, total)
    share = (limit / (total + 1e-6)).clamp_max(1.0)  # as torch does
    for one in factors:
        one[:] = [Factors(part.left, part.right * share) for part in one]
