"""Learning-rate schedules as factors of the step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from deltalab.errors import UserError, one_of

__all__ = ["Schedule"]

_SHAPES = ("constant", "linear")


@final
@dataclass(frozen=True)
class Schedule:
    """A linear rise from 0 over the first `warmup` of the run, then a constant rate or a linear fall to 0."""

    shape: str = "constant"
    warmup: float = 0.0

    def __post_init__(self) -> None:
        one_of("shape", self.shape, _SHAPES, "shape")
        if not 0 <= self.warmup < 1:
            raise UserError(f"warmup={self.warmup}: a fraction of the run, at least 0 and below 1")

    def factor(self, step: int, total: int) -> float:
        """The factor of the learning rate at optimiser step `step` = 0, 1, ... of `total`."""
        rise = round(self.warmup * total)
        if step < rise:
            return (step + 1) / (rise + 1)
        if self.shape == "constant":
            return 1.0
        return max(0.0, (total - step) / max(1, total - rise))

    def over(self, optimizer: Optimizer, total: int) -> LambdaLR:
        """The scheduler of a run of `total` steps."""
        return LambdaLR(optimizer, lambda step: self.factor(step, total))
