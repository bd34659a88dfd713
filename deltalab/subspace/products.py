"""Products of matrices with millions of columns: in float64, a block of columns at a time."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["combined", "inner"]

_AT_ONCE = 2**16  # columns


def inner(a: Tensor, b: Tensor) -> Tensor:
    """a b^T (..., B) in float64 of rows a (..., D) and b (B, D)."""
    blocks = zip(a.split(_AT_ONCE, dim=-1), b.split(_AT_ONCE, dim=-1), strict=True)
    return sum((x.double() @ y.double().T for x, y in blocks), torch.zeros(()))


def combined(v: Tensor, mix: Tensor) -> Tensor:
    """v^T mix (D, K) in the number format of v (S, D), summed in float64; mix is (S, K) in float64."""
    return torch.cat([(block.double().T @ mix).to(v.dtype) for block in v.split(_AT_ONCE, dim=1)])
