"""A place inside a backbone where a delta may act, named independently of the model family."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Site"]


@dataclass(frozen=True, order=True, slots=True)
class Site:
    """One submodule: its role, side (encoder / decoder), layer (None outside the layers) and module path."""

    role: str
    side: str
    layer: int | None
    path: str
