"""Which rows stand together in a batch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import final

import numpy as np
from torch import Tensor
from torch.utils.data import Sampler

from deltalab.task.whole import whole

__all__ = ["BucketSampler", "PackedSampler", "Pairs", "PartSampler", "SortedSampler"]

Pairs = list[tuple[int, int]]


@final
class BucketSampler(Sampler[Pairs]):
    """Train batches of (row, answer) pairs: rows of like length together, every row once an epoch.

    Rows are shuffled, sorted by length inside windows of sqrt(batches) batches, and cut; a row with several answers
    draws one. Both depend on (seed, epoch). The batches are then shuffled by the epoch alone, so samplers of different
    seeds over one split meet batches of like length at the same time, which keeps padding low when they are packed.
    What is left over is a smaller batch of rows taken at random, the last of the epoch.
    """

    def __init__(self, lengths: Tensor, answer_counts: Tensor, batch_size: int, seed: int) -> None:
        self.batch_size = whole(batch_size, 1, "batch_size")
        self.seed = whole(seed, 0, "seed")
        self.epoch = 0
        self._lengths = lengths.numpy()
        self._counts = answer_counts.numpy()

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch of the next iteration; Lightning calls this."""
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-len(self._lengths) // self.batch_size)

    def __iter__(self) -> Iterator[Pairs]:
        chance = np.random.default_rng((self.seed, self.epoch))
        rows = chance.permutation(len(self._lengths))
        answers = np.floor(chance.random(len(rows)) * self._counts[rows]).astype(np.int64)
        order = np.random.default_rng(self.epoch).permutation(len(rows) // self.batch_size)
        batches = self._full(rows, len(order))
        rest = np.arange(len(order) * self.batch_size, len(rows))
        for places in [*(batches[place] for place in order), *([rest] if len(rest) else [])]:
            yield list(zip(rows[places].tolist(), answers[places].tolist(), strict=True))

    def _full(self, rows: np.ndarray, count: int) -> np.ndarray:
        """Places in `rows` of the `count` full batches (count, batch_size), sorted by length inside each window."""
        places = np.arange(count * self.batch_size)
        window = places // (self.batch_size * max(1, math.isqrt(count)))
        return places[np.lexsort((self._lengths[rows[places]], window))].reshape(count, self.batch_size)


@final
class PackedSampler(Sampler[Pairs]):
    """Several samplers over one split advancing together: batch k is batch k of each, one after the other.

    Each contributes the same number of rows, so block g belongs to sampler g; equal seeds give equal blocks.
    """

    def __init__(self, samplers: Sequence[BucketSampler]) -> None:
        whole(len(samplers), 1, "number of packed jobs")
        if len({(len(sampler), sampler.batch_size) for sampler in samplers}) > 1:
            raise ValueError("packed samplers need one split and one batch size")
        self.samplers = tuple(samplers)

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch of every sampler."""
        for sampler in self.samplers:
            sampler.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.samplers[0])

    def __iter__(self) -> Iterator[Pairs]:
        for blocks in zip(*self.samplers, strict=True):
            yield [pair for block in blocks for pair in block]


@final
class PartSampler(Sampler[Pairs]):
    """A sampler of part of a split: what it calls row i is row `rows[i]` (n,) of the whole."""

    def __init__(self, sampler: BucketSampler, rows: Tensor) -> None:
        self.sampler = sampler
        self._rows = rows.tolist()

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch of the next iteration."""
        self.sampler.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.sampler)

    def __iter__(self) -> Iterator[Pairs]:
        for pairs in self.sampler:
            yield [(self._rows[row], answer) for row, answer in pairs]


@final
class SortedSampler(Sampler[Pairs]):
    """Evaluation batches: every row once with its first answer, longest first, so too large a batch fails at once."""

    def __init__(self, lengths: Tensor, batch_size: int) -> None:
        self.batch_size = whole(batch_size, 1, "eval_batch_size")
        self._order = lengths.argsort(descending=True, stable=True).tolist()

    def __len__(self) -> int:
        return -(-len(self._order) // self.batch_size)

    def __iter__(self) -> Iterator[Pairs]:
        for start in range(0, len(self._order), self.batch_size):
            yield [(row, 0) for row in self._order[start : start + self.batch_size]]
