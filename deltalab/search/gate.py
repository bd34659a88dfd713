"""Gates: what multiplies a unit while it is not yet decided whether it belongs to the structure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import final

import torch
from torch import Tensor

from deltalab.errors import UserError, one_of
from deltalab.search.decay import Decay

__all__ = ["Gate", "Temperature", "logistic_noise"]

_KINDS = ("soft", "concrete", "straight_through", "published_hard")


def logistic_noise(count: int, generator: torch.Generator) -> Tensor:
    """logit(u) (N,) in float64 with u uniform, never 0 or 1, on the generator's device."""
    u = torch.rand(count, generator=generator, dtype=torch.float64, device=generator.device)
    return u.clamp(1e-12, 1 - 1e-12).logit()


@final
@dataclass(frozen=True)
class Temperature:
    """The temperature T of the concrete distribution: `end`, or on the way there from `start`."""

    end: float = 1.0
    start: float | None = None
    decay: Decay = field(default_factory=Decay)

    def __post_init__(self) -> None:
        for name, value in (("end", self.end), ("start", self.start)):
            if value is not None and not 0 < value < math.inf:
                raise UserError(f"search.temperature.{name}={value}: a finite number above 0")
        if (self.start is None) != (self.decay.shape == "constant"):
            raise UserError(
                f"search.temperature: start={self.start} with a {self.decay.shape} decay; "
                "a start goes with a linear or exponential decay"
            )

    def over(self, total: int) -> Temperature:
        """The same over a search of so many steps."""
        return replace(self, decay=self.decay.over(total))

    def at(self, step: int) -> float:
        """T at `step`."""
        return self.end if self.start is None else self.decay.between(self.start, self.end, step)


@final
@dataclass(frozen=True)
class Gate:
    """From log-odds of p and noise to gates z (N,), all units at once.

    s = sigmoid((logit p + logit u) / T) is a binary concrete sample (Maddison et al. 2017, arXiv 1611.00712), stretched
    to (low, high) and clipped to [0, 1]: hard concrete (Louizos et al. 2018, arXiv 1712.01312).

    - "soft": p in the place of s, no noise.
    - "concrete": s.
    - "straight_through": 1 with probability p, else 0; its gradient is that of "concrete".
    - "published_hard": the same values, no gradient through closed gates (S3Delta).

    `rescue`: where all gates are 0, the likeliest unit gets p, or 1 with the gradient of p (S3Delta). Unstretched
    "concrete" at T = 1 is the published default.
    """

    kind: str = "concrete"
    low: float = 0.0
    high: float = 1.0
    rescue: bool = False

    def __post_init__(self) -> None:
        one_of("kind", self.kind, _KINDS, "kind")
        if not (-math.inf < self.low <= 0 and 1 <= self.high < math.inf):
            raise UserError(f"low={self.low}: low is at most 0 and high, here {self.high}, at least 1")

    def __call__(self, logits: Tensor, noise: Tensor, temperature: float = 1.0) -> Tensor:
        """z (N,) from log-odds (N,), `logistic_noise` (N,) and T; the same noise gives the same gates."""
        if self.kind == "soft":
            return self.soft(logits)
        z = self._stretched(((logits + noise) / temperature).sigmoid())
        on = logits + noise > 0
        if self.kind == "straight_through":
            z = on.to(z) + (z - z.detach())
        elif self.kind == "published_hard":
            z = torch.where(on, 1 + (z - z.detach()), 0.0)
        return self._rescued(z, logits) if self.rescue else z

    def soft(self, logits: Tensor) -> Tensor:
        """p (N,), stretched and clipped: what takes the place of a sample in evaluation."""
        return self._stretched(logits.sigmoid())

    def open_probability(self, logits: Tensor, temperature: float = 1.0) -> Tensor:
        """P(z_i > 0) = sigmoid(logit p_i - T log(-low / high)) of "concrete" (N,); `UserError` where it is always 1."""
        if not self.low < 0:
            raise UserError(
                f"gate.low={self.low}: an L0 penalty needs gates that reach 0, low below 0; give gate=hard_concrete"
            )
        return (logits - temperature * math.log(-self.low / self.high)).sigmoid()

    def _stretched(self, s: Tensor) -> Tensor:
        return (s * (self.high - self.low) + self.low).clamp(0, 1)

    def _rescued(self, z: Tensor, logits: Tensor) -> Tensor:
        likeliest = torch.arange(len(z), device=z.device) == logits.argmax()
        p = logits.sigmoid()
        value = p if self.kind == "concrete" else 1 + (p - p.detach())
        return torch.where((z == 0).all() & likeliest, value, z)
