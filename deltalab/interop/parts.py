"""A theta taken apart: what each unit is, by which method, and its tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.backbone.site import Site
from deltalab.delta.act import Act
from deltalab.delta.ia3 import IA3
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta, Method, Unit
from deltalab.delta.structure import FromStructure, OfStructure

__all__ = ["Part", "parts"]


@final
@dataclass(frozen=True)
class Part:
    """One unit's tensors, in the order of its specs, and the method that says how they act."""

    site: Site
    method: Method
    act: Act
    tensors: tuple[Tensor, ...]

    def __str__(self) -> str:
        return f"{type(self.method).__name__} at {self.site.path or 'the whole model'}"


def parts(delta: Delta, theta: Tensor) -> list[Part]:
    """The units of a delta that was bound from a method, in order, with their share of theta (D,)."""
    assert delta.method is not None
    tensors = delta.layout.split(theta)
    owners = _owners(delta)
    return [
        Part(unit.site, method, unit.act, tuple(_whole(unit, method, i, tensors[j]) for i, j in enumerate(places)))
        for unit, method, places in zip(delta.units, owners, delta.reads, strict=True)
    ]


def _whole(unit: Unit, method: Method, position: int, tensor: Tensor) -> Tensor:
    """Tensor number `position` of a unit that acts on a part of a module's output, as one that acts on all of it."""
    part = unit.site.part
    if part is None or (isinstance(method, Lora) and position == 0):  # A reads the input
        return tensor
    neutral = torch.full_like(tensor, 1.0 if isinstance(method, IA3) else 0.0)
    return torch.cat([tensor if i == part[0] else neutral for i in range(part[1])])


def _owners(delta: Delta) -> list[Method]:
    """The method of each unit; those of a structure by the name in front of their tensors."""
    method = delta.method
    if not isinstance(method, FromStructure | OfStructure):
        assert method is not None
        return [method] * len(delta.units)
    made = method.structure.made()
    return [made[unit.specs[0].name.partition(".")[0]] for unit in delta.units]
