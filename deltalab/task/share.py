"""The rows of each batch that one of several processes works on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from torch import distributed as dist
from torch.utils.data import Sampler

from deltalab.task.sampler import Pairs

__all__ = ["ShareSampler", "shared"]


def shared(sampler: Sampler[Pairs], blocks: int) -> Sampler[Pairs]:
    """The sampler itself, or this process's share where several work together."""
    if not (dist.is_available() and dist.is_initialized()) or dist.get_world_size() == 1:
        return sampler
    return ShareSampler(sampler, blocks, dist.get_rank(), dist.get_world_size())


@final
class ShareSampler(Sampler[Pairs]):
    """Of each of `blocks` equal blocks of a batch, the rows at `rank`, `rank` + `world`, ...

    Batches stay what they are for one process, so that several find what one would. A block of fewer rows than
    processes gives its first to those that would have none.
    """

    def __init__(self, sampler: Sampler[Pairs], blocks: int, rank: int, world: int) -> None:
        self.sampler, self._blocks, self._rank, self._world = sampler, blocks, rank, world

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch of the next iteration, where that matters; Lightning calls this."""
        if hasattr(self.sampler, "set_epoch"):
            self.sampler.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.sampler)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Pairs]:
        for pairs in self.sampler:
            size = len(pairs) // self._blocks
            blocks = (pairs[start : start + size] for start in range(0, len(pairs), size))
            yield [pair for block in blocks for pair in (block[self._rank :: self._world] or block[:1])]
