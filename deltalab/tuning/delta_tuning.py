"""DeltaTuning: deltas trained on a task in the original space, one or many at a time on one frozen backbone."""

from __future__ import annotations

from typing import final

from torch import Tensor

from deltalab.packed.packed import Packed

__all__ = ["DeltaTuning"]


@final
class DeltaTuning(Packed):
    """Every job trains the theta of its delta itself."""

    def theta(self, i: int, point: Tensor) -> Tensor:
        """The point."""
        return point

    def shapes(self, i: int) -> list[tuple[int, ...]]:
        """The shapes of the layout."""
        return [spec.shape for spec in self.jobs[i].delta.layout.specs]
