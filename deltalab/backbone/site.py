"""A place inside a backbone where a delta may act, named independently of the model family."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ROLES", "Site"]

ROLES = (
    *(f"{block}{part}" for block in ("attn", "cross") for part in ("", ".q", ".k", ".v", ".o")),
    *("ffn", "ffn.in", "ffn.out", "norm.embed", "norm.attn", "norm.cross", "norm.ffn", "norm.final", "embed", "head"),
)
"""The roles that families share; no model has all of them."""


@dataclass(frozen=True, order=True, slots=True)
class Site:
    """One submodule: its role, side (encoder / decoder), layer (None outside the layers) and module path.

    `part` (i, n) says that the role is played by the i-th of n equal parts of the module's output, as in a linear map
    that gives queries, keys and values at once.
    """

    role: str
    side: str
    layer: int | None
    path: str
    part: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What tensors at this site are named after: the path, and the role's last word where it is a part."""
        return self.path if self.part is None else f"{self.path}.{self.role.rpartition('.')[2]}"
