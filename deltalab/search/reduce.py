"""Sums over the processes of a distributed run, differentiable any number of times; alone, everything stays as it is.

`spread` and `summed` are each other's gradient: numbers that every process has are spread to its own rows, where the
gradients of all rows add up, and losses of its own rows are summed to one that every process has.
"""

from __future__ import annotations

from typing import Any, final

import torch
from torch import Tensor

from deltalab.processes import total, world

__all__ = ["spread", "summed"]


def spread(value: Tensor) -> Tensor:
    """The value itself; its gradient is the sum of those of all processes."""
    return value if world() == 1 else _Spread.apply(value)


def summed(value: Tensor) -> Tensor:
    """The sum over all processes; each passes the gradient on to its own part."""
    return value if world() == 1 else _Summed.apply(value)


@final
class _Spread(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:  # noqa: ANN401
        return value.view_as(value)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:  # type: ignore[override]  # noqa: ANN401
        return summed(grad)


@final
class _Summed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:  # noqa: ANN401
        return total(value)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:  # type: ignore[override]  # noqa: ANN401
        return spread(grad)
