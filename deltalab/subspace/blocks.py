"""Batches of several tasks as equal blocks of rows."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from deltalab.backbone.batch import Batch

__all__ = ["blocks"]


def blocks(batches: Sequence[Batch], pad: int, chance: torch.Generator) -> Batch:
    """As many rows of every task as the shortest batch has, task by task: any rows, for a batch may be in order."""
    least = min(len(batch) for batch in batches)
    return Batch.joined([batch if len(batch) == least else _some(batch, least, chance) for batch in batches], pad)


def _some(batch: Batch, count: int, chance: torch.Generator) -> Batch:
    return batch.take(torch.randperm(len(batch), generator=chance)[:count])
