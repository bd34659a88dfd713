"""A delta method, and the delta it becomes on one backbone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import final

import torch
from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.delta.act import Act, WeightAct, way
from deltalab.delta.gating import Gating
from deltalab.delta.layout import Layout, Spec
from deltalab.errors import UserError

__all__ = ["Delta", "Method", "Unit", "at_least"]


@final
@dataclass(frozen=True)
class Unit:
    """One delta at one site: what a gate switches.

    `specs` are the tensors it reads; units that name the same tensor share it.
    """

    kind: str
    site: Site
    specs: tuple[Spec, ...]
    act: Act


class Method(ABC):
    """A way of changing a frozen backbone by few numbers; `lr` is the learning rate it is usually tuned with."""

    lr: float

    @abstractmethod
    def units(self, backbone: Backbone) -> list[Unit]:
        """The units of this method on a backbone; raises `UserError` where it does not fit."""

    @property
    @abstractmethod
    def identity(self) -> bool:
        """Whether the backbone's function is unchanged at theta0."""

    @property
    def closes(self) -> bool:
        """Whether a gate of 0 leaves a unit out: the function is that of the backbone without it."""
        return True

    def bind(self, backbone: Backbone, name: str) -> Delta:
        """The delta this method becomes on a backbone."""
        return Delta(name, backbone, self.units(backbone), self)


@final
class Delta:
    """Named units on one backbone, their layout, which tensors each unit reads, and the method they all come from."""

    def __init__(self, name: str, backbone: Backbone, units: Sequence[Unit], method: Method | None = None) -> None:
        specs: dict[str, Spec] = {}
        for unit in units:
            for spec in unit.specs:
                if specs.setdefault(spec.name, spec).shape != spec.shape:
                    raise ValueError(f"two shapes for the shared tensor {spec.name}")
        self.name = name
        self.backbone = backbone
        self.method = method
        self.units = tuple(units)
        self.layout = Layout(list(specs.values()))
        index = self.layout.index()
        self.reads = tuple(tuple(index[spec.name] for spec in unit.specs) for unit in units)

    @property
    def size(self) -> int:
        """D, the length of theta."""
        return self.layout.size

    @cached_property
    def modules(self) -> tuple[nn.Module, ...]:
        """The module at the site of each unit."""
        return tuple(self.backbone.module(unit.site) for unit in self.units)

    @cached_property
    def places(self) -> tuple[tuple[nn.Module, tuple[int, ...]], ...]:
        """Each module with the units that act there in one way, by position and in order."""
        found: dict[tuple[nn.Module, type], list[int]] = {}
        for i, (unit, module) in enumerate(zip(self.units, self.modules, strict=True)):
            found.setdefault((module, way(unit.act)), []).append(i)
        return tuple((module, tuple(units)) for (module, _), units in found.items())

    @cached_property
    def gating(self) -> Gating:
        """What gates the tensors that say so; raises `ValueError` where several units share one."""
        layout, readers = self.layout, Counter(chain.from_iterable(self.reads))
        starts = [0, *accumulate(layout.sizes)]
        numbers = []
        for reads in self.reads:
            own = [i for i in reads if layout.specs[i].gated]
            if shared := [layout.specs[i].name for i in own if readers[i] > 1]:
                raise ValueError(f"several units share {shared[0]}, so no gate of one can multiply it")
            runs = [torch.arange(starts[i], starts[i + 1]) for i in own]
            numbers.append(torch.cat([torch.zeros(0, dtype=torch.long), *runs]))
        return Gating(numbers, layout.size)

    @property
    def replaces_weights(self) -> bool:
        """Whether its vectors stand in for the backbone's own weights, so that each needs a pass of its own."""
        return any(isinstance(unit.act, WeightAct) for unit in self.units)

    def unit_sizes(self) -> Tensor:
        """n_i (N,): the numbers of each unit; a shared tensor is counted once, at the first unit that reads it."""
        seen: set[int] = set()
        sizes = []
        for reads in self.reads:
            sizes.append(sum(self.layout.sizes[i] for i in reads if i not in seen))
            seen.update(reads)
        return torch.tensor(sizes, dtype=torch.long)


def at_least(name: str, value: float, least: float, exclusive: bool = False) -> None:
    """Raise `UserError` where an argument is below its bound."""
    if value < least or (exclusive and value == least):
        raise UserError(f"delta.{name}={value}: must be {'above' if exclusive else 'at least'} {least}")
