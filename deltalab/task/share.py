"""The rows that one of several processes answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from torch.utils.data import Sampler

from deltalab.processes import rank, world
from deltalab.task.sampler import Pairs

__all__ = ["ShareSampler", "shared"]


def shared(sampler: Sampler[Pairs]) -> Sampler[Pairs]:
    """The sampler itself, or this process's share where several work together."""
    return sampler if world() == 1 else ShareSampler(sampler, rank(), world())


@final
class ShareSampler(Sampler[Pairs]):
    """Of each batch the rows at `rank`, `rank` + `world`, ...; where there is none, the first once more."""

    def __init__(self, sampler: Sampler[Pairs], rank: int, world: int) -> None:
        self.sampler, self._rank, self._world = sampler, rank, world

    def __len__(self) -> int:
        return len(self.sampler)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Pairs]:
        for pairs in self.sampler:
            yield pairs[self._rank :: self._world] or pairs[:1]
