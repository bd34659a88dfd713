"""Processes that work on one run together, and sums over them; alone, everything stays as it is."""

from __future__ import annotations

import torch
from torch import Tensor
from torch import distributed as dist

__all__ = ["mean", "rank", "total", "world"]


def world() -> int:
    """How many processes share the work."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """Which of them this one is."""
    return dist.get_rank() if world() > 1 else 0


@torch.no_grad()
def total(values: Tensor) -> Tensor:
    """The sum over processes, of any shape, without gradient; `values` stay what they are."""
    whole = values.detach().clone(memory_format=torch.contiguous_format)
    if world() > 1:
        dist.all_reduce(whole)
    return whole


def mean(values: Tensor) -> Tensor:
    """The mean over processes, without gradient."""
    return total(values) / world()
