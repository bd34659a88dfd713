"""A fixed random subspace of n numbers instead of D * d (Le et al. 2013, arXiv 1408.3060; arXiv 2012.13255)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.subspace.maker import Maker, positive
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Fastfood

__all__ = ["RandomFastfood"]


@final
@dataclass(frozen=True)
class RandomFastfood(Maker):
    """A Fastfood up-projection for each method, all its numbers as drawn."""

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
            name: Projector(delta, Fastfood(theta0[name], self.dim, False, chance)) for name, delta in deltas.items()
        }
        return Subspace(self.dim, projectors).requires_grad_(False)
