"""The tensors of a few rows, padded to the longest of them."""

from __future__ import annotations

from collections.abc import Sequence
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

    @staticmethod
    def joined(batches: Sequence[Batch], pad: int) -> Batch:
        """The rows of several batches one after the other, inputs padded with `pad` to the longest."""
        fills = (pad, 0, IGNORED)
        columns = [
            [_widened(one._tensors()[i], max(b._tensors()[i].shape[1] for b in batches), fill) for one in batches]
            for i, fill in enumerate(fills)
        ]
        inputs, masks, labels = (torch.cat(column) for column in columns)
        return Batch(inputs, masks, labels, torch.cat([one.rows for one in batches]))

    def _tensors(self) -> tuple[Tensor, ...]:
        return (self.input_ids, self.attention_mask, self.labels, self.rows)


def _widened(tensor: Tensor, width: int, fill: int) -> Tensor:
    return torch.nn.functional.pad(tensor, (0, width - tensor.shape[1]), value=fill)
