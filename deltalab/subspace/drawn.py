"""Fixed random subspaces: up-projections as drawn, no way down, nothing trained."""

from __future__ import annotations

import zlib
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.subspace.maker import Maker, positive
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Up

__all__ = ["Drawn"]


@dataclass(frozen=True)
class Drawn(Maker):
    """A way up for each method in order, all from one generator; children say which."""

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
        # Apart from the seed itself: theta0 is drawn from that, and a single dimension would lie along it.
        chance = torch.Generator().manual_seed(zlib.crc32(f"up {seed}".encode()))
        projectors = {name: Projector(delta, self.up(theta0[name], chance)) for name, delta in deltas.items()}
        return Subspace(self.dim, projectors).requires_grad_(False)

    @abstractmethod
    def up(self, theta0: Tensor, chance: torch.Generator) -> Up:
        """The up-projection around theta0 (D,), its numbers from `chance`."""
