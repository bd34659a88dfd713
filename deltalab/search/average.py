"""The mean of structures: the units that most of them chose."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import torch

from deltalab.delta.candidates import UnitName
from deltalab.delta.chosen import Structure
from deltalab.delta.entries import parted, short
from deltalab.errors import UserError
from deltalab.search.discretize import greedy

__all__ = ["agree", "average"]

_SCOPE = frozenset({"roles", "sides", "layers"})


def average(structures: Sequence[Structure], budget: float | None = None) -> Structure:
    """Units by falling mean p, filled to a budget in numbers or to the mean cost of the structures.

    Every p that was learnt counts, of units chosen and left out; in a structure that knows nothing of a unit, its p
    is 0. The order of the structures does not matter. Raises `UserError` where they were made for different backbones
    or with different settings of a method; its roles, sides and layers may differ, and become those of all.
    """
    agree(structures)
    found = {unit.name: unit for structure in structures for unit in structure.known}
    units = [found[name] for name in sorted(found, key=_in_order)]
    known = [{unit.name: unit.p for unit in structure.known} for structure in structures]
    means = [math.fsum(p.get(unit.name, 0.0) for p in known) / len(known) for unit in units]
    limit = fmean(structure.cost for structure in structures) if budget is None else budget
    kept = set(greedy(torch.tensor(means, dtype=torch.float64), torch.tensor([unit.cost for unit in units]), limit))
    chosen, left_out = parted({i: unit._replace(p=short(means[i])) for i, unit in enumerate(units)}, kept)
    return Structure(
        structures[0].backbone,
        dict(sorted(_together(structures).items())),
        chosen,
        {"average_of": [dict(structure.provenance) for structure in structures]},
        left_out,
    )


def agree(structures: Sequence[Structure]) -> None:
    """Raise `UserError` where a unit of one structure would not be the same in another."""
    if not structures:
        raise UserError("name at least one structure")
    settings = dict(structures[0].methods)
    shape = {key: structures[0].backbone[key] for key in ("family", "layers", "widths")}
    for structure in structures[1:]:
        for key, value in shape.items():
            if structure.backbone[key] != value:
                raise UserError(f"structures of different backbones: {key} {value} and {structure.backbone[key]}")
        for name, given in structure.methods.items():
            if _without_scope(settings.setdefault(name, given)) != _without_scope(given):
                raise UserError(f"structures of different methods: '{name}' is {settings[name]} and {given}")


def _without_scope(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that tell what a unit is, without those that tell where units are."""
    return {key: value for key, value in given.items() if key not in _SCOPE}


def _together(structures: Sequence[Structure]) -> dict[str, dict[str, Any]]:
    """The settings of each method, wide enough for the units of every structure."""
    found: dict[str, dict[str, Any]] = {}
    for structure in structures:
        for name, given in structure.methods.items():
            known = found.setdefault(name, dict(given))
            for key in _SCOPE & given.keys():
                known[key] = _wider(known[key], given[key])
    return found


def _wider(one: Sequence[Any] | None, other: Sequence[Any] | None) -> list[Any] | None:
    """All that either names, in order; None stands for everything."""
    return None if one is None or other is None else list(dict.fromkeys([*one, *other]))


def _in_order(name: UnitName) -> tuple[str, str, int, str, int]:
    return name.method, name.side, -1 if name.layer is None else name.layer, name.role, name.part
