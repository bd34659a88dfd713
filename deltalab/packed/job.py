"""What is tuned, and how far it has come."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, final

from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.errors import UserError
from deltalab.task.metric.score import Score

__all__ = ["DIVERGED", "Job", "Progress", "patient"]

DIVERGED = "diverged"
"""How a job ended whose loss became infinite."""


@final
@dataclass(frozen=True)
class Job:
    """One delta to tune with one seed (of its data order) and one learning rate, starting at `start`.

    Its solution is a step away from the theta0 of `theta0_seed`; None: that of `seed`.
    """

    name: str
    delta: Delta
    seed: int
    lr: float
    start: Tensor
    theta0_seed: int | None = None

    @property
    def origin(self) -> int:
        """The seed of theta0."""
        return self.seed if self.theta0_seed is None else self.theta0_seed


@final
@dataclass
class Progress:
    """A job's best dev score and where it was reached, how long it has waited for a better one, and how it ended.

    `ended` is None while it trains, else "stopped" (early) or "diverged"; `best_step` is -1 before the first score.
    """

    best: float = -math.inf
    best_step: int = -1
    last_step: int = -1
    waited: int = 0
    ended: str | None = None
    dev: Score | None = None
    test: Score | None = None
    answers: dict[int, str] = field(default_factory=dict)

    def judge(self, score: Score, step: int, patience: int | None) -> bool:
        """Take a dev score; True where it is the best so far. NaN never is, ties keep the earlier step."""
        self.last_step = step
        better = score.value > self.best
        if better:
            self.best, self.best_step, self.dev, self.waited = score.value, step, score, 0
        else:
            self.waited += 1
            if patience is not None and self.waited >= patience:
                self.ended = "stopped"
        return better

    def state(self) -> dict[str, Any]:
        """Plain values for a checkpoint."""
        dev = None if self.dev is None else [self.dev.value, dict(self.dev.details)]
        return {
            "best": self.best,
            "best_step": self.best_step,
            "last_step": self.last_step,
            "waited": self.waited,
            "ended": self.ended,
            "dev": dev,
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Progress:
        """The progress that `state` describes."""
        dev = state["dev"]
        return cls(**{**state, "dev": None if dev is None else Score(*dev)})


def patient(patience: int | None) -> int | None:
    """A number of validations that a job waits; raises `UserError` for one below 1."""
    if patience is not None and patience < 1:
        raise UserError(f"stage.patience={patience}: at least 1 validation, or null to never stop early")
    return patience
