"""How alpha gets its gradient, as objects with their settings: three hypergradients, or no upper level at all."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import final

from torch import Tensor

from deltalab.errors import UserError
from deltalab.search.hypergradient import Hypergradient, Losses, exact, finite_difference, first_order
from deltalab.search.virtual_step import AdamW, Sgd

__all__ = ["Exact", "FiniteDifference", "FirstOrder", "OneLevel", "Upper"]

Upper = Callable[[Losses, Losses, AdamW | Sgd, Tensor, Tensor], Hypergradient]
"""From the two losses, the step of theta, theta (D,) and alpha (N,) to the hypergradient."""


_RADIUS, _ROUNDED = 0.01, 0.1


@final
@dataclass(frozen=True)
class FirstOrder:
    """`first_order`; without `look_ahead` a search step is two passes, with it three."""

    look_ahead: bool = False

    def __call__(self, train: Losses, val: Losses, step: AdamW | Sgd, theta: Tensor, alpha: Tensor) -> Hypergradient:
        return first_order(train, val, step, theta, alpha, self.look_ahead)


@final
@dataclass(frozen=True)
class FiniteDifference:
    """`finite_difference`; a search step is five passes, two of them stacked.

    Without a `radius` it is the published 0.01; rounded products need ten times that, or their noise is most of the
    difference: see `at`. `published`: the virtual step does not clip, and the difference is taken as though it were
    plain SGD (S3Delta).
    """

    radius: float | None = None
    floor: float = 1e-6
    published: bool = False

    def __post_init__(self) -> None:
        if self.radius is not None and not 0 < self.radius < math.inf:
            raise UserError(f"radius={self.radius}: must be a number above 0")
        if not 0 <= self.floor < math.inf:
            raise UserError(f"floor={self.floor}: must be a number of at least 0")

    def at(self, rounded: bool) -> FiniteDifference:
        """The same with a radius for products in float32, or `rounded` to 16 bits."""
        return self if self.radius is not None else replace(self, radius=_ROUNDED if rounded else _RADIUS)

    def __call__(self, train: Losses, val: Losses, step: AdamW | Sgd, theta: Tensor, alpha: Tensor) -> Hypergradient:
        radius = _RADIUS if self.radius is None else self.radius
        pull = Sgd(step.lr) if self.published else None
        step = replace(step, clip=None) if self.published else step
        return finite_difference(train, val, step, theta, alpha, radius, self.floor, pull)


@final
@dataclass(frozen=True)
class Exact:
    """`exact`, by double backward; raises `UserError` where the stack's attention is fused and has none."""

    def __call__(self, train: Losses, val: Losses, step: AdamW | Sgd, theta: Tensor, alpha: Tensor) -> Hypergradient:
        try:
            return exact(train, val, step, theta, alpha)
        except RuntimeError as error:
            if "scaled_dot_product" not in str(error):
                raise
            raise UserError("stack.attention=sdpa: has no second derivative; use eager for an exact one") from error


@final
@dataclass(frozen=True)
class OneLevel:
    """No upper level: alpha and theta descend one loss on the same rows, in one pass."""
