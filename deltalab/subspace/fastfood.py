"""A fixed random subspace of n numbers instead of D * d (Le et al. 2013, arXiv 1408.3060; arXiv 2012.13255)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.subspace.drawn import Drawn
from deltalab.subspace.up import Fastfood, Up

__all__ = ["RandomFastfood"]


@final
@dataclass(frozen=True)
class RandomFastfood(Drawn):
    """A Fastfood up-projection for each method, all its numbers as drawn."""

    def up(self, theta0: Tensor, chance: torch.Generator) -> Up:
        return Fastfood(theta0, self.dim, False, chance)
