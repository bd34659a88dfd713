"""What several processes with a share of each batch have to tell each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor
from torch import distributed as dist

from deltalab.backbone.batch import IGNORED

__all__ = ["everywhere", "joined", "mean", "weighed", "world"]


def world() -> int:
    """How many processes share the work."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def weighed(each: Tensor, labels: Tensor) -> Tensor:
    """Losses (V,) over the answer tokens here, weighed so that their mean over processes is that over all tokens."""
    if world() == 1:
        return each
    counts = (labels != IGNORED).view(len(each), -1).sum(1).to(each.dtype)
    total = counts.clone()
    dist.all_reduce(total)
    return each * counts * (world() / total)


def everywhere(flags: Tensor) -> Tensor:
    """Which flags are set in every process."""
    if world() == 1:
        return flags
    least = flags.int()
    dist.all_reduce(least, dist.ReduceOp.MIN)
    return least.bool()


def mean(values: Tensor) -> Tensor:
    """The mean over processes, without gradient."""
    total = values.detach().clone()
    if world() > 1:
        dist.all_reduce(total)
    return total / world()


def joined(parts: Mapping[int, str]) -> dict[int, str]:
    """The entries of all processes."""
    if world() == 1:
        return dict(parts)
    found: list[Any] = [None] * world()
    dist.all_gather_object(found, dict(parts))
    return {key: value for one in found for key, value in one.items()}
