"""Which rows stand together in a batch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count
from typing import final

import numpy as np
from torch import Tensor
from torch.utils.data import Sampler

from deltalab.task.whole import whole

__all__ = ["BucketSampler", "PackedSampler", "Pairs", "PartSampler", "SortedSampler"]

Pairs = list[tuple[int, int]]


@final
class BucketSampler(Sampler[Pairs]):
    """Train batches of (row, answer) pairs: rows of like length together, every row once a turn.

    Rows are shuffled, sorted by length inside windows of sqrt(batches) batches, and cut; a row with several answers
    draws one. Both depend on (seed, epoch). The batches are then shuffled by the epoch alone, so samplers of different
    seeds over one split meet batches of like length at the same time, which keeps padding low when they are packed.
    What is left over is a smaller batch of rows taken at random, the last of the epoch.

    An epoch has `rows` rows, those of the split where it is None. Where these are more, turns follow each other, each
    in an order of its own: what one leaves over is filled up by the next.
    """

    def __init__(
        self, lengths: Tensor, answer_counts: Tensor, batch_size: int, seed: int, rows: int | None = None
    ) -> None:
        self.batch_size = whole(batch_size, 1, "batch_size")
        self.seed = whole(seed, 0, "seed")
        self.epoch = 0
        self._lengths = lengths.numpy()
        self._counts = answer_counts.numpy()
        self.rows = len(self._lengths) if rows is None else rows

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch of the next iteration; Lightning calls this."""
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-self.rows // self.batch_size)

    def __iter__(self) -> Iterator[Pairs]:
        held: Pairs = []
        due = self.rows
        for turn in count() if len(self._lengths) else ():
            for pairs in self._turn(turn, -len(held) % self.batch_size):
                held = [*held, *pairs]
                size = min(self.batch_size, due)
                if len(held) < size:
                    continue
                if len(held) > size:  # a batch is in order of length
                    held = [
                        held[i] for i in np.random.default_rng((self.seed, self.epoch, turn)).permutation(len(held))
                    ]
                yield held[:size]
                held, due = held[size:], due - size
                if not due:
                    return

    def _turn(self, turn: int, missing: int) -> Iterator[Pairs]:
        """All rows once: those that a batch begun before is missing, full batches, what is left over."""
        chance = np.random.default_rng((self.seed, self.epoch, turn) if turn else (self.seed, self.epoch))
        rows = chance.permutation(len(self._lengths))
        answers = np.floor(chance.random(len(rows)) * self._counts[rows]).astype(np.int64)
        full = max(0, len(rows) - missing) // self.batch_size
        order = np.random.default_rng((self.epoch, turn) if turn else self.epoch).permutation(full)
        batches, rest = self._full(rows, full), np.arange(full * self.batch_size, len(rows))
        for places in [rest[:missing], *(batches[place] for place in order), rest[missing:]]:
            if len(places):
                yield list(zip(rows[places].tolist(), answers[places].tolist(), strict=True))

    def _full(self, rows: np.ndarray, batches: int) -> np.ndarray:
        """Places in `rows` of the full batches (batches, batch_size), sorted by length inside each window."""
        places = np.arange(batches * self.batch_size)
        window = places // (self.batch_size * max(1, math.isqrt(batches)))
        return places[np.lexsort((self._lengths[rows[places]], window))].reshape(batches, self.batch_size)


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
