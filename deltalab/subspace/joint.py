"""Up-projections to be trained together with the codes of tasks, which nobody has to solve first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.errors import UserError
from deltalab.subspace.maker import Maker
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.ups import Ups

__all__ = ["Joint"]


@final
@dataclass(frozen=True)
class Joint(Maker):
    """An up-projection for each method, its entries N(0, std^2) at first, and no way down.

    `up` names it, `ups` another one for single methods; `hidden` is the width inside "two_layer", null for d, and
    `activation` the one inside, null for tanh. Raises `UserError` for either without a "two_layer". The joint mode
    (hyper_PET) of Unified-DeltaTuning, arXiv 2210.13311, around theta0.
    """

    needs_solutions: ClassVar[bool] = False
    trained: ClassVar[bool] = True

    dim: int = 4
    up: str = "linear"
    hidden: int | None = None
    activation: str | None = None
    std: float = 0.02
    ups: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        self._ups()
        if self.activation is not None and "two_layer" not in (self.up, *(self.ups or {}).values()):
            raise UserError(f"subspace.activation={self.activation}: only subspace.up=two_layer has one here")

    def make(
        self,
        deltas: Mapping[str, Delta],
        theta0: Mapping[str, Tensor],
        steps: Mapping[str, Tensor] | None,
        seed: int,
    ) -> Subspace:
        ups = self._ups().make({name: theta0[name] for name in deltas}, torch.Generator().manual_seed(seed))
        return Subspace(self.dim, {name: Projector(delta, ups[name]) for name, delta in deltas.items()})

    def _ups(self) -> Ups:
        return Ups(self.dim, self.up, self.hidden, self.activation or "tanh", self.std, self.ups or {})
