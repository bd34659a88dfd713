"""A loss that is no number ends training, with the rows it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from deltalab.errors import UserError
from deltalab.subspace.solved import Solved

__all__ = ["refuse_infinite"]


def refuse_infinite(loss: Tensor, step: int, rows: Tensor, solved: Sequence[Solved]) -> None:
    """Raise `UserError` for a loss that is not finite, of a batch with equal blocks of `rows` of their tasks."""
    if not loss.isfinite():
        blocks = rows.view(len(solved), -1).tolist()
        told = {one.task.name: block for one, block in zip(solved, blocks, strict=True)}
        raise UserError(f"loss {loss:g} at step {step} on train rows {told}: lower optimizer.lr")
