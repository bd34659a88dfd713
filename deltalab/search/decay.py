"""From one positive number to another over the steps of a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from deltalab.errors import UserError, unknown

__all__ = ["Decay"]

_SHAPES = ("constant", "linear", "exponential")


@final
@dataclass(frozen=True)
class Decay:
    """How a number moves over `steps`: at its end from the start (constant), by equal differences (linear), or by equal
    ratios (exponential)."""

    shape: str = "constant"
    steps: int = 0

    def __post_init__(self) -> None:
        if self.shape not in _SHAPES:
            raise unknown("shape", self.shape, _SHAPES, "shape")
        if self.steps < 0 or (self.shape != "constant" and self.steps == 0):
            raise UserError(f"steps={self.steps}: a {self.shape} decay takes at least 1 step")

    def between(self, start: float, end: float, step: int) -> float:
        """The number at `step` = 0, 1, ...: `start` at 0, `end` at `steps` and after."""
        if self.shape == "constant" or step >= self.steps:
            return end
        passed = step / self.steps
        return start + (end - start) * passed if self.shape == "linear" else start * (end / start) ** passed
