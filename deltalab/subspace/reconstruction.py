"""How far a decoded step is from the step it stands for."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

__all__ = ["RECONSTRUCTIONS", "relative_error"]


def l2(v: Tensor, back: Tensor) -> Tensor:
    """||v - back||, as published: (...) for vectors (..., D); it grows with D and with how far tuning went."""
    return (v - back).norm(dim=-1)


def relative_error(v: Tensor, back: Tensor) -> Tensor:
    """||v - back|| / ||v||: 0 for a perfect copy, 1 for no step at all."""
    return (v - back).norm(dim=-1) / v.norm(dim=-1)


RECONSTRUCTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"l2": l2, "relative": relative_error}
