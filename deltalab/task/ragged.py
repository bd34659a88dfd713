"""Many sequences of token ids in one tensor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import final

import torch
from torch import Tensor

__all__ = ["Ragged"]


@final
@dataclass(frozen=True)
class Ragged:
    """Sequences one after the other in `flat` (tokens,), sequence i from `offsets[i]` to `offsets[i + 1]`."""

    flat: Tensor
    offsets: Tensor

    @classmethod
    def of(cls, sequences: Iterable[Sequence[int]]) -> Ragged:
        """The sequences, in order; ids as int32 since a split may hold millions."""
        rows = list(sequences)
        offsets = torch.zeros(len(rows) + 1, dtype=torch.long)
        torch.cumsum(torch.tensor([len(row) for row in rows], dtype=torch.long), 0, out=offsets[1:])
        return cls(torch.tensor(list(chain.from_iterable(rows)), dtype=torch.int32), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Tensor:
        """Tokens of each sequence (sequences,)."""
        return self.offsets.diff()

    def padded(self, index: Tensor, padding: int) -> tuple[Tensor, Tensor]:
        """The sequences at `index`, padded on the right to the longest of them, and where they are real.

        Both (rows, longest): ids as int64, the mask as bool.
        """
        start, length = self.offsets[index], self.lengths[index]
        position = torch.arange(int(length.max()))
        real = position < length[:, None]
        # outside its own sequence a row reads token 0 of the tensor, which the mask then covers
        ids = self.flat[torch.where(real, start[:, None] + position, 0)].long()
        return ids.masked_fill(~real, padding), real
