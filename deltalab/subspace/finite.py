"""A loss that is no number ends training, with the rows it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from deltalab.errors import UserError

__all__ = ["refuse_infinite"]


def refuse_infinite(loss: Tensor, step: int, rows: Tensor, tasks: Sequence[str]) -> None:
    """Raise `UserError` for a loss that is not finite, of a batch with equal blocks of `rows` of these tasks."""
    if not loss.isfinite():
        told = dict(zip(tasks, rows.view(len(tasks), -1).tolist(), strict=True))
        raise UserError(f"loss {loss:g} at step {step} on train rows {told}: lower optimizer.lr")
