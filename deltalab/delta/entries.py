"""Units of a structure as the plain data that a file holds, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from deltalab.delta.candidates import UnitName

__all__ = ["Chosen", "by_method", "parted", "refuse_twice", "short", "units_of"]


class Chosen(NamedTuple):
    """A unit, its inclusion probability p (1 where none was learnt) and its cost in numbers."""

    name: UnitName
    p: float
    cost: int


def short(value: float) -> float:
    """Six digits of a number, as a file tells it."""
    return float(f"{value:.6g}")


def parted(units: Mapping[int, Chosen], kept: Collection[int]) -> tuple[tuple[Chosen, ...], tuple[Chosen, ...]]:
    """Units by their positions as those at the positions that are kept, and the others."""
    chosen = tuple(unit for i, unit in units.items() if i in kept)
    return chosen, tuple(unit for i, unit in units.items() if i not in kept)


def by_method(units: Sequence[Chosen]) -> dict[str, list[dict[str, Any]]]:
    """One entry for each unit, under its method."""
    named = dict.fromkeys(unit.name.method for unit in units)
    return {name: [_entry(unit) for unit in units if unit.name.method == name] for name in named}


def units_of(methods: Mapping[str, Any], entries: Mapping[str, Any]) -> tuple[Chosen, ...]:
    """The units of such entries; raises `ValueError` for what is none, and for a method that has no settings."""
    if unnamed := set(entries) - set(methods):
        raise ValueError(f"units.{sorted(unnamed)[0]}: no method of that name")
    return tuple(_unit(method, entry) for method, of in entries.items() for entry in of)


def refuse_twice(units: Sequence[Chosen]) -> None:
    """Raise `ValueError` for a unit that is there twice."""
    counted = Counter(str(unit.name) for unit in units)
    if repeated := sorted(name for name, count in counted.items() if count > 1):
        raise ValueError(f"{repeated[0]} twice")


def _entry(unit: Chosen) -> dict[str, Any]:
    role = {"role": unit.name.role, "side": unit.name.side}
    layer = {} if unit.name.layer is None else {"layer": unit.name.layer}
    part = {"part": unit.name.part} if unit.name.part else {}
    return {**role, **layer, **part, "p": unit.p, "cost": unit.cost}


def _unit(method: str, entry: Any) -> Chosen:  # noqa: ANN401
    match entry:
        case {"role": str(role), "side": str(side), "p": float() | int() as p, "cost": int(cost)}:
            layer, part = entry.get("layer"), entry.get("part", 0)
            others = set(entry) - {"role", "side", "layer", "part", "p", "cost"}
            whole = isinstance(layer, int | None) and isinstance(part, int)
            if whole and not others and 0 <= p <= 1 and cost > 0:
                return Chosen(UnitName(method, role, side, layer, part), float(p), cost)
    raise ValueError(f"units.{method}: {entry} is no unit with role, side, layer, p from 0 to 1 and cost")
