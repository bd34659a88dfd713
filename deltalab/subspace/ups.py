"""The up-projections of a subspace that is to be trained, as a config asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.errors import UserError, one_of
from deltalab.subspace.activation import activation
from deltalab.subspace.form import UPS, make_up
from deltalab.subspace.maker import positive
from deltalab.subspace.up import Up

__all__ = ["Ups"]


@final
@dataclass(frozen=True)
class Ups:
    """`up` names the up-projection of every method that `ups` does not name another for.

    `hidden` is the width inside "two_layer", null for d. Raises `UserError` for what is none, and, as soon as the
    methods are known, for one of another name.
    """

    dim: int
    up: str
    hidden: int | None
    activation: str
    std: float
    ups: Mapping[str, str]

    def __post_init__(self) -> None:
        positive("dim", self.dim)
        positive("std", self.std)
        for where, kind in (("up", self.up), *((f"ups.{name}", kind) for name, kind in self.ups.items())):
            one_of("up-projection", kind, UPS, f"subspace.{where}")
        activation(self.activation)
        if self.hidden is not None:
            positive("hidden", self.hidden)
            if "two_layer" not in (self.up, *self.ups.values()):
                raise UserError(f"subspace.hidden={self.hidden}: only subspace.up=two_layer has a hidden layer")

    def make(self, theta0: Mapping[str, Tensor], chance: torch.Generator) -> dict[str, Up]:
        """One for each method, in order, around its theta0 (D,), the numbers drawn from `chance`."""
        for name in self.ups:
            one_of("method", name, theta0, "subspace.ups")
        width = self.hidden or self.dim
        forms = {
            name: {"kind": self.ups.get(name, self.up), "hidden": width, "activation": self.activation}
            for name in theta0
        }
        return {name: make_up(forms[name], start, self.dim, self.std, chance) for name, start in theta0.items()}
