"""A structure: the units that were chosen, as a readable YAML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from torch import Tensor

from deltalab.atomic import atomic
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.method import Method
from deltalab.delta.outline import depths, outline
from deltalab.delta.settings import make, settings
from deltalab.errors import UserError

__all__ = ["Chosen", "Structure"]

FORMAT = 1


class Chosen(NamedTuple):
    """A chosen unit, its inclusion probability p (1 where none was learnt) and its cost in numbers."""

    name: UnitName
    p: float
    cost: int


class Structure(NamedTuple):
    """Chosen units of methods, whose settings are kept, and the family and shape of the backbone they were chosen on.

    All in it is plain data; `provenance` is whatever else is to be remembered.
    """

    backbone: Mapping[str, Any]
    methods: Mapping[str, Mapping[str, Any]]
    units: tuple[Chosen, ...]
    provenance: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        space: Candidates,
        chosen: Sequence[int],
        p: Tensor | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> Structure:
        """The candidates at the positions `chosen`, with p (N,) of all candidates; raises `UserError` for none."""
        if not chosen:
            raise UserError("a structure needs at least one unit; none is chosen")
        values = [1.0] * len(space.members) if p is None else p.tolist()
        members = [(space.members[i], values[i]) for i in sorted(set(chosen))]
        units = tuple(Chosen(member.name, float(f"{value:.6g}"), member.cost) for member, value in members)
        used = {unit.name.method for unit in units}
        methods = {name: settings(method) for name, method in space.methods.items() if name in used}
        return cls(outline(space.delta.backbone), methods, units, dict(provenance or {}))

    @classmethod
    def load(cls, path: Path) -> Structure:
        """Read a file; raises `UserError` where there is none, or none that can be understood."""
        if not path.is_file():
            raise UserError(f"structure {path}: no such file; give the YAML file of a structure")
        try:
            return cls.of_content(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as error:
            told = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else " ".join(str(error).split())
            raise UserError(f"structure {path}: damaged or not a structure ({told})") from error
        except UserError as error:
            raise UserError(f"structure {path}: {error}") from error

    @classmethod
    def of_content(cls, content: Any) -> Structure:  # noqa: ANN401
        """The structure that plain data describe; raises `UserError` for another format.

        What is no structure at all raises `ValueError`, `KeyError`, `TypeError` or `AttributeError`.
        """
        if content["format"] != FORMAT:
            raise UserError(f"format {content['format']}, this version reads {FORMAT}")
        methods = {name: dict(given) for name, given in content["methods"].items()}
        return cls(_backbone(content["backbone"]), methods, _units(content), dict(content["provenance"]))

    def content(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "format": FORMAT,
            "backbone": dict(self.backbone),
            "methods": {name: dict(given) for name, given in self.methods.items()},
            "units": {name: [_entry(unit) for unit in self.units if unit.name.method == name] for name in self.methods},
            "provenance": dict(self.provenance),
        }

    def save(self, path: Path) -> None:
        """Write a file, which appears whole or not at all."""
        text = yaml.safe_dump(self.content(), sort_keys=False, default_flow_style=None, width=120, allow_unicode=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as part:
            part.write_text(text, encoding="utf-8")

    @property
    def cost(self) -> int:
        """How many numbers the chosen units have."""
        return sum(unit.cost for unit in self.units)

    @property
    def names(self) -> tuple[UnitName, ...]:
        """Which units are chosen."""
        return tuple(unit.name for unit in self.units)

    def bare(self) -> Structure:
        """What of it determines the delta: neither p nor provenance."""
        return self._replace(units=tuple(unit._replace(p=1.0) for unit in self.units), provenance={})

    def made(self) -> dict[str, Method]:
        """The methods by name; raises `UserError` where their settings describe none."""
        found = {}
        for name, given in self.methods.items():
            try:
                found[name] = make(given)
            except UserError as error:
                raise UserError(f"methods.{name}: {error}") from error
        return found

    def positions(self, space: Candidates) -> list[int]:
        """Where the chosen units are among candidates, in their order.

        Raises `UserError` for a backbone of other depth, and for a role, side, layer or part that it does not have.
        """
        backbone, layers = space.delta.backbone, self.backbone["layers"]
        if depths(backbone) != layers:
            raise UserError(
                f"made for {_counted(layers)}, but backbone '{backbone.source}' has {_counted(depths(backbone))}; "
                "deltalab.search.structure.mapped carries it over"
            )
        return sorted(space.position(name) for name in self.names)


def _counted(layers: Mapping[str, int]) -> str:
    return " and ".join(f"{count} {side} layers" for side, count in layers.items())


def _entry(unit: Chosen) -> dict[str, Any]:
    role = {"role": unit.name.role, "side": unit.name.side}
    layer = {} if unit.name.layer is None else {"layer": unit.name.layer}
    part = {"part": unit.name.part} if unit.name.part else {}
    return {**role, **layer, **part, "p": unit.p, "cost": unit.cost}


def _backbone(content: Any) -> dict[str, Any]:  # noqa: ANN401
    match content:
        case {"source": str(), "family": str(), "layers": {**layers}, "widths": {}}:
            if all(isinstance(count, int) for count in layers.values()):
                return content
    raise ValueError("backbone: needs source, family, layers and widths")


def _units(content: Mapping[str, Any]) -> tuple[Chosen, ...]:
    if unnamed := set(content["units"]) - set(content["methods"]):
        raise ValueError(f"units.{sorted(unnamed)[0]}: no method of that name")
    units = tuple(_unit(method, entry) for method, entries in content["units"].items() for entry in entries)
    names = [unit.name for unit in units]
    if repeated := {str(name) for name in names if names.count(name) > 1}:
        raise ValueError(f"{sorted(repeated)[0]} twice")
    if not units:
        raise ValueError("no units")
    return units


def _unit(method: str, entry: Any) -> Chosen:  # noqa: ANN401
    match entry:
        case {"role": str(role), "side": str(side), "p": float() | int() as p, "cost": int(cost)}:
            layer, part = entry.get("layer"), entry.get("part", 0)
            others = set(entry) - {"role", "side", "layer", "part", "p", "cost"}
            whole = isinstance(layer, int | None) and isinstance(part, int)
            if whole and not others and 0 <= p <= 1 and cost > 0:
                return Chosen(UnitName(method, role, side, layer, part), float(p), cost)
    raise ValueError(f"units.{method}: {entry} is no unit with role, side, layer, p from 0 to 1 and cost")
