"""A theta taken apart: what each unit is, by which method, and its tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from torch import Tensor

from deltalab.backbone.site import Site
from deltalab.delta.act import Act
from deltalab.delta.method import Delta, Method
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
    reads = zip(delta.units, owners, delta.reads, strict=True)
    return [Part(unit.site, method, unit.act, tuple(tensors[i] for i in places)) for unit, method, places in reads]


def _owners(delta: Delta) -> list[Method]:
    """The method of each unit; those of a structure by the name in front of their tensors."""
    method = delta.method
    if not isinstance(method, FromStructure | OfStructure):
        assert method is not None
        return [method] * len(delta.units)
    made = method.structure.made()
    return [made[unit.specs[0].name.partition(".")[0]] for unit in delta.units]
