"""The tensors of a few rows, padded to the longest of them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["IGNORED", "Batch"]

IGNORED = -100
"""Label value that takes no part in the loss."""


@dataclass(frozen=True)
class Batch:
    """Rows ready for the backbone.

    `input_ids` and `attention_mask` are (rows, source length), `labels` is (rows, target length) with `IGNORED` as
    padding, `rows` (rows,) tells which example of the split each row is.
    """

    input_ids: Tensor
    attention_mask: Tensor
    labels: Tensor
    rows: Tensor

    def __len__(self) -> int:
        return self.input_ids.shape[0]

    def repeat(self, times: int) -> Batch:
        """The same rows `times` over, one whole copy after the other."""
        if times == 1:
            return self
        return Batch(*(t.repeat((times,) + (1,) * (t.dim() - 1)) for t in self._tensors()))

    def slice(self, start: int, stop: int) -> Batch:
        """Rows `start` to `stop`."""
        return Batch(*(t[start:stop] for t in self._tensors()))

    def take(self, index: Tensor) -> Batch:
        """The rows at `index`, in that order."""
        return Batch(*(t[index] for t in self._tensors()))

    def to(self, device: torch.device | str) -> Batch:
        """The same batch on another device."""
        return Batch(*(t.to(device) for t in self._tensors()))

    def _tensors(self) -> tuple[Tensor, ...]:
        return (self.input_ids, self.attention_mask, self.labels, self.rows)
