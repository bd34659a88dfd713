"""A fixed random subspace, the baseline of intrinsic dimension (Li et al. 2018, arXiv 1804.08838)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.subspace.drawn import Drawn
from deltalab.subspace.up import Linear, Up

__all__ = ["Random"]


@final
@dataclass(frozen=True)
class Random(Drawn):
    """theta0 + U z with the entries of U N(0, 1/D), so that z and its step are of about the same length."""

    def up(self, theta0: Tensor, chance: torch.Generator) -> Up:
        return Linear(theta0, self.dim, max(theta0.shape[0], 1) ** -0.5, chance)
