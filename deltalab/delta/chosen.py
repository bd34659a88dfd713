"""A structure: the units that were chosen, as a readable YAML file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from torch import Tensor

from deltalab.atomic import atomic
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.entries import Chosen, by_method, parted, refuse_twice, short, units_of
from deltalab.delta.method import Method
from deltalab.delta.outline import depths, outline
from deltalab.delta.settings import make, settings
from deltalab.errors import UserError

__all__ = ["Chosen", "Structure"]

FORMAT = 1


class Structure(NamedTuple):
    """Chosen units of methods, whose settings are kept, and the family and shape of the backbone they were chosen on.

    All in it is plain data; `provenance` is whatever else is to be remembered, `left_out` the units that were not
    chosen though a p was learnt for them: they take no part in training, but in averages.
    """

    backbone: Mapping[str, Any]
    methods: Mapping[str, Mapping[str, Any]]
    units: tuple[Chosen, ...]
    provenance: Mapping[str, Any]
    left_out: tuple[Chosen, ...] = ()

    @classmethod
    def of(
        cls,
        space: Candidates,
        chosen: Sequence[int],
        p: Tensor | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> Structure:
        """The candidates at the positions `chosen`, with p (N,) of all candidates, NaN where it is not known.

        Raises `UserError` for none.
        """
        if not chosen:
            raise UserError("a structure needs at least one unit; none is chosen")
        kept, names = set(chosen), space.members
        values = [1.0 if i in kept else math.nan for i in range(len(names))] if p is None else p.tolist()
        known = {i: Chosen(names[i].name, short(v), names[i].cost) for i, v in enumerate(values) if not math.isnan(v)}
        units, left_out = parted(known, kept)
        named = {unit.name.method for unit in known.values()}
        methods = {name: settings(method) for name, method in space.methods.items() if name in named}
        return cls(outline(space.delta.backbone), methods, units, dict(provenance or {}), left_out)

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
        units, left_out = units_of(methods, content["units"]), units_of(methods, content.get("left_out", {}))
        if not units:
            raise ValueError("no units")
        found = cls(_backbone(content["backbone"]), methods, units, dict(content["provenance"]), left_out)
        refuse_twice(found.known)
        return found

    def content(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "format": FORMAT,
            "backbone": dict(self.backbone),
            "methods": {name: dict(given) for name, given in self.methods.items()},
            "units": by_method(self.units),
            "provenance": dict(self.provenance),
            **({"left_out": by_method(self.left_out)} if self.left_out else {}),
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

    @property
    def known(self) -> tuple[Chosen, ...]:
        """All units that have a p, chosen and left out."""
        return (*self.units, *self.left_out)

    def bare(self) -> Structure:
        """What of it determines the delta: neither p nor provenance, nor what is left out."""
        units = tuple(unit._replace(p=1.0) for unit in self.units)
        return Structure(self.backbone, self.used, units, {})

    @property
    def used(self) -> dict[str, Mapping[str, Any]]:
        """The settings of the methods that have a chosen unit."""
        named = {unit.name.method for unit in self.units}
        return {name: given for name, given in self.methods.items() if name in named}

    def made(self) -> dict[str, Method]:
        """The methods that have a chosen unit, by name; raises `UserError` where their settings describe none."""
        found = {}
        for name, given in self.used.items():
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


def _backbone(content: Any) -> dict[str, Any]:  # noqa: ANN401
    match content:
        case {"source": str(), "family": str(), "layers": {**layers}, "widths": {}}:
            if all(isinstance(count, int) for count in layers.values()):
                return content
    raise ValueError("backbone: needs source, family, layers and widths")
