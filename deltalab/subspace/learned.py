"""Projectors to be trained on solved tasks (Unified-DeltaTuning, arXiv 2210.13311)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.errors import UserError, unknown
from deltalab.subspace.activation import activation
from deltalab.subspace.down import Dense, Down, Span, span
from deltalab.subspace.form import UPS, make_up
from deltalab.subspace.maker import Maker, positive
from deltalab.subspace.subspace import Projector, Subspace

__all__ = ["Learned"]

_DOWNS = ("span", "dense")


@final
@dataclass(frozen=True)
class Learned(Maker):
    """A down- and an up-projection for each method, their entries N(0, std^2) at first.

    `up` names the up-projection; `hidden` is the width inside "two_layer", null for d as published. `down` is "dense",
    as published, or "span", the same on the solutions with fewer numbers. `activation` is the one inside both.
    """

    needs_solutions: ClassVar[bool] = True
    trained: ClassVar[bool] = True

    dim: int = 4
    up: str = "linear"
    hidden: int | None = None
    down: str = "span"
    activation: str = "tanh"
    std: float = 0.02

    def __post_init__(self) -> None:
        positive("dim", self.dim)
        positive("std", self.std)
        if self.up not in UPS:
            raise unknown("up-projection", self.up, UPS, "subspace.up")
        if self.down not in _DOWNS:
            raise unknown("down-projection", self.down, _DOWNS, "subspace.down")
        activation(self.activation)
        if self.hidden is not None:
            positive("hidden", self.hidden)
            if self.up != "two_layer":
                raise UserError(f"subspace.hidden={self.hidden}: only subspace.up=two_layer has a hidden layer")

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
        form = {"kind": self.up, "hidden": self.hidden or self.dim, "activation": self.activation}
        # All ways up come first, so that they are the same whatever the ways down.
        ups = {name: make_up(form, theta0[name], self.dim, self.std, chance) for name in deltas}
        downs = {name: self._down(name, steps[name], chance) for name in deltas}
        return Subspace(self.dim, {name: Projector(deltas[name], ups[name], downs[name]) for name in deltas})

    def _down(self, name: str, v: Tensor, chance: torch.Generator) -> Down:
        if self.down == "dense":
            return Dense(v.shape[1], self.dim, self.activation, self.std, chance)
        try:
            basis = span(v)
        except ValueError as error:
            raise UserError(f"subspace.down=span: the solutions of '{name}' span nothing ({error})") from error
        return Span(basis, self.dim, self.activation, self.std, chance)
