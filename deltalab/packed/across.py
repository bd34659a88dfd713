"""What several processes with a share of each batch have to tell each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from torch import distributed as dist

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.processes import rank, total, world

__all__ = ["everywhere", "joined", "own", "weighed"]


def own(batch: Batch, blocks: int) -> Batch:
    """Of each of `blocks` equal blocks of rows those that are this process's to work on.

    Where there are none, the first row of each without an answer: work all the same, which counts for nothing.
    """
    if world() == 1:
        return batch
    places = torch.arange(len(batch), device=batch.rows.device).view(blocks, -1)
    mine = places[:, rank() :: world()]
    if mine.numel():
        return batch.take(mine.reshape(-1))
    idle = batch.take(places[:, 0])
    return replace(idle, labels=torch.full_like(idle.labels, IGNORED))


def weighed(each: Tensor, terms: Tensor) -> Tensor:
    """Losses (V,) over the terms of the rows here (rows,), so that their mean over processes is that over all terms."""
    if world() == 1:
        return each
    counts = terms.view(len(each), -1).sum(1).to(each.dtype)
    return each * counts * (world() / total(counts))


def everywhere(flags: Tensor) -> Tensor:
    """Which flags are set in every process."""
    if world() == 1:
        return flags
    least = flags.int()
    dist.all_reduce(least, dist.ReduceOp.MIN)
    return least.bool()


def joined(parts: Mapping[int, str]) -> dict[int, str]:
    """The entries of all processes."""
    if world() == 1:
        return dict(parts)
    found: list[Any] = [None] * world()
    dist.all_gather_object(found, dict(parts))
    return {key: value for one in found for key, value in one.items()}
