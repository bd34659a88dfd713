"""The tensors of a few rows, padded to the longest of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["IGNORED", "Batch", "token_losses"]

IGNORED = -100
"""Label value that takes no part in the loss."""


@dataclass(frozen=True)
class Batch:
    """Rows ready for the backbone.

    `input_ids` and `attention_mask` are (rows, source length), `labels` is (rows, target length) with `IGNORED` as
    padding, `rows` (rows,) tells which example of the split each row is. `candidates` (rows, L, length) are the answers
    that the task knows, the row's own among them, where the loss compares these alone; a row that knows fewer than L
    has nothing but `IGNORED` in place of the others.
    """

    input_ids: Tensor
    attention_mask: Tensor
    labels: Tensor
    rows: Tensor
    candidates: Tensor | None = None

    def __len__(self) -> int:
        return self.input_ids.shape[0]

    def repeat(self, times: int) -> Batch:
        """The same rows `times` over, one whole copy after the other."""
        if times == 1:
            return self
        return self._mapped(lambda t: t.repeat((times,) + (1,) * (t.dim() - 1)))

    def slice(self, start: int, stop: int) -> Batch:
        """Rows `start` to `stop`."""
        return self._mapped(lambda t: t[start:stop])

    def take(self, index: Tensor) -> Batch:
        """The rows at `index`, in that order."""
        return self._mapped(lambda t: t[index])

    def to(self, device: torch.device | str) -> Batch:
        """The same batch on another device."""
        return self._mapped(lambda t: t.to(device))

    @property
    def terms(self) -> Tensor:
        """How many terms of the loss each row brings (rows,): its answer's tokens, or one where it has candidates."""
        real = self.labels != IGNORED
        return real.sum(1) if self.candidates is None else real.any(1).long()

    @staticmethod
    def joined(batches: Sequence[Batch], pad: int) -> Batch:
        """The rows of several batches one after the other, inputs padded with `pad` to the longest.

        Raises `ValueError` where some have candidates and others have none.
        """
        known = [one.candidates for one in batches if one.candidates is not None]
        if known and len(known) < len(batches):
            raise ValueError("batches with candidates cannot be joined with batches that have none")
        return Batch(
            _stacked([one.input_ids for one in batches], pad),
            _stacked([one.attention_mask for one in batches], 0),
            _stacked([one.labels for one in batches], IGNORED),
            torch.cat([one.rows for one in batches]),
            _stacked(known, IGNORED) if known else None,
        )

    def _mapped(self, change: Callable[[Tensor], Tensor]) -> Batch:
        tensors = {name: tensor for name, tensor in vars(self).items() if tensor is not None}
        return replace(self, **{name: change(tensor) for name, tensor in tensors.items()})


def _stacked(tensors: Sequence[Tensor], fill: int) -> Tensor:
    """One after the other, each filled up behind its rows to the largest size of all but the first dimension."""
    sizes = [max(tensor.shape[i] for tensor in tensors) for i in range(1, tensors[0].dim())]
    missing = [[size - have for size, have in zip(sizes, tensor.shape[1:], strict=True)] for tensor in tensors]
    padding = [[number for more in reversed(one) for number in (0, more)] for one in missing]  # last dimension first
    return torch.cat([F.pad(tensor, more, value=fill) for tensor, more in zip(tensors, padding, strict=True)])


def token_losses(logits: Tensor, labels: Tensor) -> Tensor:
    """-log p of every label token (rows, length) under logits (rows, length, vocabulary), 0 where it is `IGNORED`."""
    # Flat, for a softmax over any dimension but the last is several times slower on a CPU.
    each = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none", ignore_index=IGNORED)
    return each.view_as(labels)
