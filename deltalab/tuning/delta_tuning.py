"""DeltaTuning: deltas trained on a task in the original space, one or many at a time on one frozen backbone."""

from __future__ import annotations

from typing import final

from torch import Tensor

from deltalab.errors import UserError
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

    def on_test_start(self) -> None:
        """Refuse to test what was trained and never seen on dev: the best point would still be the start."""
        for job, point, progress in zip(self.jobs, self.points, self.progress, strict=True):
            if progress.last_step < 0 and not point.detach().cpu().equal(job.start):
                raise UserError(f"job {job.name}: no dev score yet; call trainer.validate before trainer.test")
