"""How far a decoded step is from the step it stands for."""

from __future__ import annotations

import math
from collections.abc import Callable

from torch import Tensor

from deltalab.errors import UserError, member

__all__ = ["RECONSTRUCTIONS", "reconstruction", "relative_error"]


def l2(v: Tensor, back: Tensor) -> Tensor:
    """||v - back||, as published: (...) for vectors (..., D); it grows with D and with how far tuning went."""
    return (v - back).norm(dim=-1)


def relative_error(v: Tensor, back: Tensor) -> Tensor:
    """||v - back|| / ||v||: 0 for a perfect copy, 1 for no step at all."""
    return (v - back).norm(dim=-1) / v.norm(dim=-1)


RECONSTRUCTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"l2": l2, "relative": relative_error}


def reconstruction(kind: str, weight: float) -> Callable[[Tensor, Tensor], Tensor]:
    """The measure of that name; raises `UserError` for another, and for a weight beside the task loss below 0."""
    if not 0 <= weight < math.inf:
        raise UserError(f"subspace.weight={weight}: must be a number of at least 0")
    return member("reconstruction", kind, RECONSTRUCTIONS, "stage.reconstruction")
