"""Projectors to be trained on solved tasks (Unified-DeltaTuning, arXiv 2210.13311)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.errors import UserError, one_of
from deltalab.subspace.begin import at_components
from deltalab.subspace.down import Dense, Span, span
from deltalab.subspace.maker import Maker
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Linear
from deltalab.subspace.ups import Ups

__all__ = ["Learned"]

_DOWNS = ("span", "dense")
_INITS = ("random", "svd")


@final
@dataclass(frozen=True)
class Learned(Maker):
    """A down- and an up-projection for each method.

    `init` tells what they begin with: "random" entries N(0, std^2), as published, or "svd", the components of the
    solutions (see `deltalab.subspace.begin`), which needs linear ways up and as many solutions of every method.

    `up` names the up-projection, `ups` another one for single methods; `hidden` is the width inside "two_layer", null
    for d as published. `down` is "dense", as published, or "span", the same on the solutions with fewer numbers.
    `activation` is the one inside both.
    """

    needs_solutions: ClassVar[bool] = True
    trained: ClassVar[bool] = True

    dim: int = 4
    up: str = "linear"
    hidden: int | None = None
    down: str = "span"
    activation: str = "tanh"
    std: float = 0.02
    ups: Mapping[str, str] | None = None
    init: str = "random"

    def __post_init__(self) -> None:
        self._ups()
        one_of("down-projection", self.down, _DOWNS, "subspace.down")
        one_of("init", self.init, _INITS, "subspace.init")
        bent = [kind for kind in (self.up, *(self.ups or {}).values()) if kind != "linear"]
        if self.init == "svd" and bent:
            raise UserError(f"subspace.init=svd: components of solutions are a linear way up, not {bent[0]}")

    def make(
        self,
        deltas: Mapping[str, Delta],
        theta0: Mapping[str, Tensor],
        steps: Mapping[str, Tensor] | None,
        seed: int,
    ) -> Subspace:
        if steps is None:
            raise ValueError("learned projectors need the steps of solutions")
        chance = torch.Generator().manual_seed(seed)
        # All ways up come first, so that they are the same whatever the ways down.
        ups = self._ups().make({name: theta0[name] for name in deltas}, chance)
        downs = {name: self._down(name, steps[name], chance) for name in deltas}
        if self.init == "svd":
            linear = {name: up for name, up in ups.items() if isinstance(up, Linear)}
            at_components(linear, downs, {name: steps[name] for name in deltas}, self.dim)
        return Subspace(self.dim, {name: Projector(deltas[name], ups[name], downs[name]) for name in deltas})

    def _ups(self) -> Ups:
        return Ups(self.dim, self.up, self.hidden, self.activation, self.std, self.ups or {})

    def _down(self, name: str, v: Tensor, chance: torch.Generator) -> Dense | Span:
        if self.down == "dense":
            return Dense(v.shape[1], self.dim, self.activation, self.std, chance)
        try:
            basis = span(v)
        except ValueError as error:
            raise UserError(f"subspace.down=span: the solutions of '{name}' span nothing ({error})") from error
        return Span(basis, self.dim, self.activation, self.std, chance)
