"""A fixed random subspace, the baseline of intrinsic dimension (Li et al. 2018, arXiv 1804.08838)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.subspace.maker import Maker, positive
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Linear

__all__ = ["Random"]


@final
@dataclass(frozen=True)
class Random(Maker):
    """theta0 + U z with the entries of U N(0, 1/D), so that z and its step are of about the same length."""

    needs_solutions: ClassVar[bool] = False
    trained: ClassVar[bool] = False

    dim: int = 4

    def __post_init__(self) -> None:
        positive("dim", self.dim)

    def make(
        self,
        deltas: Mapping[str, Delta],
        theta0: Mapping[str, Tensor],
        steps: Mapping[str, Tensor] | None,
        seed: int,
    ) -> Subspace:
        chance = torch.Generator().manual_seed(seed)
        projectors = {
            name: Projector(delta, Linear(theta0[name], self.dim, max(delta.size, 1) ** -0.5, chance))
            for name, delta in deltas.items()
        }
        return Subspace(self.dim, projectors).requires_grad_(False)
