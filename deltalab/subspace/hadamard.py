"""The Walsh-Hadamard transform, in n log n additions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["hadamard"]


def hadamard(x: Tensor) -> Tensor:
    """H x along the last dimension n = 2^k, H_ij = (-1)^popcount(i & j), not normalised: H H = n I.

    Raises `ValueError` where n is no power of two.
    """
    size = x.shape[-1]
    if size & (size - 1) or not size:
        raise ValueError(f"the last dimension has {size} entries, which is no power of two")
    return _Hadamard.apply(x)


class _Hadamard(torch.autograd.Function):
    """H is symmetric: the gradient of H x is H applied to the gradient, and nothing need be kept."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ANN401
        half, size = 1, x.shape[-1]
        result = x
        while half < size:
            pairs = result.reshape(*x.shape[:-1], size // (2 * half), 2, half)
            one, other = pairs.unbind(-2)
            result = torch.stack((one + other, one - other), dim=-2)
            half *= 2
        return result.reshape(x.shape)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:  # type: ignore[override]  # noqa: ANN401
        return hadamard(gradient)
