"""From one positive number to another over the steps of a search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

from deltalab.errors import UserError, one_of

__all__ = ["Decay"]

_SHAPES = ("constant", "linear", "exponential")


@final
@dataclass(frozen=True)
class Decay:
    """How a number moves over `steps`: at its end from the start (constant), by equal differences (linear), or by equal
    ratios (exponential).

    A whole number of `steps` counts them, a fraction is a share of the search, 1.0 all of it: `over` makes it a number.
    Raises `UserError` for an unknown shape, and for steps that are neither.
    """

    shape: str = "constant"
    steps: int | float = 0

    def __post_init__(self) -> None:
        one_of("shape", self.shape, _SHAPES, "shape")
        if isinstance(self.steps, float) and not 0 < self.steps <= 1:
            raise UserError(f"steps={self.steps}: a share of the search is above 0 and at most 1.0")
        if self.steps < 0 or (self.shape != "constant" and self.steps == 0):
            raise UserError(f"steps={self.steps}: shape={self.shape} takes at least 1 step")

    def over(self, total: int) -> Decay:
        """The same over a search of so many steps."""
        if self.shape == "constant" or not isinstance(self.steps, float):
            return self
        return replace(self, steps=max(1, round(self.steps * total)))

    def between(self, start: float, end: float, step: int) -> float:
        """The number at `step` = 0, 1, ...: `start` at 0, `end` at `steps` and after."""
        if self.shape == "constant":
            return end
        if step and isinstance(self.steps, float):
            raise ValueError("a share of a search of unknown length: ask `over` first")
        if step >= self.steps:
            return end
        passed = step / self.steps
        return start + (end - start) * passed if self.shape == "linear" else start * (end / start) ** passed
