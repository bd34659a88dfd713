"""The units of several methods side by side in one delta, each of which may be chosen or left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, final

import torch
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.delta.act import WeightAct
from deltalab.delta.method import Delta, Method, Unit
from deltalab.errors import UserError, unknown

__all__ = ["Candidate", "Candidates", "UnitName"]


class UnitName(NamedTuple):
    """Which unit of which method, by role and so for any backbone.

    `part` tells sites of one role in one layer apart, such as the two inner maps of a gated feed-forward block.
    """

    method: str
    role: str
    side: str
    layer: int | None
    part: int = 0

    def __str__(self) -> str:
        layer = "" if self.layer is None else f" {self.layer}"
        return f"{self.method} at {self.role} of {self.side}{layer}" + (f", part {self.part}" if self.part else "")


@final
@dataclass(frozen=True)
class Candidate:
    """A unit that may be chosen, and its cost n_i: how many numbers of its own it has."""

    name: UnitName
    kind: str
    cost: int


@final
@dataclass(frozen=True)
class Candidates:
    """N candidates, in the order of the units of `delta`: method by method, tensors named METHOD.TENSOR."""

    methods: Mapping[str, Method]
    delta: Delta
    members: tuple[Candidate, ...]

    @classmethod
    def of(cls, methods: Mapping[str, Method], backbone: Backbone, name: str = "candidates") -> Candidates:
        """The units of named methods on a backbone.

        Raises `UserError` where a method does not fit the backbone, has no units, replaces the backbone's weights, or
        shares a tensor between units: what a choice costs would then be no sum over the chosen.
        """
        units = [(method, unit) for method in methods for unit in _units(method, methods[method], backbone)]
        delta = Delta(name, backbone, [unit for _, unit in units])
        seen: Counter[UnitName] = Counter()
        members = []
        for (method, unit), cost in zip(units, delta.unit_sizes().tolist(), strict=True):
            place = UnitName(method, unit.site.role, unit.site.side, unit.site.layer)
            members.append(Candidate(place._replace(part=seen[place]), unit.kind, cost))
            seen[place] += 1
        return cls(dict(methods), delta, tuple(members))

    @property
    def costs(self) -> Tensor:
        """n (N,), whole numbers whose sum is the size of the delta."""
        return torch.tensor([member.cost for member in self.members], dtype=torch.long)

    def position(self, name: UnitName) -> int:
        """Which of the candidates has this name; raises `UserError` for a method, role, side, layer or part of none."""
        known = {member.name: i for i, member in enumerate(self.members)}
        fitting = list(known)
        for part, value in zip(UnitName._fields, name, strict=True):
            there = {str(getattr(one, part)) for one in fitting}
            fitting = [one for one in fitting if getattr(one, part) == value]
            if not fitting:
                raise unknown(part, value, there, f"{name} is not on backbone '{self.delta.backbone.source}'")
        return known[name]


def _units(name: str, method: Method, backbone: Backbone) -> list[Unit]:
    """The units of a method, its name before those of their tensors."""
    if not re.fullmatch(r"[\w-]+", name):
        raise UserError(f"methods.{name}: a name is made of letters, digits, _ and -")
    try:
        units = method.units(backbone)
    except UserError as error:
        raise UserError(f"methods.{name}: {error}") from error
    if not units:
        raise UserError(f"methods.{name}: has no units to choose from")
    if any(isinstance(unit.act, WeightAct) for unit in units):
        raise UserError(f"methods.{name}: replaces the backbone's weights, so it has no units to choose from")
    readers = Counter(spec.name for unit in units for spec in unit.specs)
    if shared := [tensor for tensor, count in readers.items() if count > 1]:
        raise UserError(
            f"methods.{name}: its units share the tensor {shared[0]}, so none has a cost of its own; allowed: methods "
            "that share none, such as a prefix with parametrization=direct or a compacter with share_rule=false"
        )
    return [
        replace(unit, specs=tuple(replace(spec, name=f"{name}.{spec.name}") for spec in unit.specs)) for unit in units
    ]
