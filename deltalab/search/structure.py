"""Compare, average and map structures: `python -m deltalab.search.structure average | diff | map | show FILE ...`."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.load import pretrained
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.chosen import Structure
from deltalab.delta.outline import depths
from deltalab.errors import UserError
from deltalab.search.average import agree, average

__all__ = ["Difference", "Structure", "average", "diff", "main", "mapped"]


class Difference(NamedTuple):
    """Units of two structures: in the first alone, in the second alone, in both."""

    first: tuple[UnitName, ...]
    second: tuple[UnitName, ...]
    both: tuple[UnitName, ...]


def diff(first: Structure, second: Structure) -> Difference:
    """What one has and the other does not; raises `UserError` as `average` does."""
    agree((first, second))
    return Difference(
        tuple(name for name in first.names if name not in second.names),
        tuple(name for name in second.names if name not in first.names),
        tuple(name for name in first.names if name in second.names),
    )


def mapped(structure: Structure, backbone: Backbone) -> Structure:
    """The structure on a backbone of other depth: layer l of L takes what layer l (K - 1) / (L - 1) of K had, rounded.

    A fraction of the layers so stays that fraction, and the first and the last stay first and last. Parts beyond those
    of the backbone are dropped. Raises `UserError` where a method does not fit the backbone, or nothing is left.
    """
    free = {
        name: {key: None if key == "layers" else value for key, value in given.items()}
        for name, given in structure.methods.items()
    }
    space = Candidates.of(structure._replace(methods=free).made(), backbone)
    here, there = depths(backbone), structure.backbone["layers"]
    p = {unit.name: unit.p for unit in structure.known}
    sources = [_source(member.name, here, there) for member in space.members]
    values = torch.tensor([p.get(name, math.nan) for name in sources], dtype=torch.float64)
    kept = set(structure.names)
    chosen = [i for i, name in enumerate(sources) if name in kept]
    return Structure.of(space, chosen, values, {**structure.provenance, "mapped_from": dict(structure.backbone)})


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0, or 2 and one line for a user's mistake."""
    options = _parser().parse_args(words)
    try:
        structures = [Structure.load(path) for path in options.files]
        if options.command == "average":
            _save(average(structures, options.budget), options.out)
        elif options.command == "diff":
            _show_difference(diff(*structures), options.files)
        elif options.command == "map":
            _save(mapped(structures[0], pretrained(options.backbone)), options.out, f", from {_size(structures[0])}")
        else:
            _show(structures[0])
    except (UserError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _source(name: UnitName, here: dict[str, int], there: dict[str, int]) -> UnitName:
    """The unit at the same relative depth of the other backbone."""
    if name.layer is None or name.side not in there:
        return name
    last, wanted = max(1, here[name.side] - 1), there[name.side] - 1
    return name._replace(layer=(2 * name.layer * wanted + last) // (2 * last))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deltalab.search.structure", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    many = commands.add_parser("average", help="the units of the highest mean p")
    many.add_argument("files", nargs="+", type=Path, metavar="FILE")
    many.add_argument("--out", type=_file, required=True, metavar="FILE", help="the file of the new structure")
    many.add_argument("--budget", type=float, metavar="N", help="in numbers; default: the mean of the structures")
    two = commands.add_parser("diff", help="units in one of two structures alone")
    two.add_argument("files", nargs=2, type=Path, metavar="FILE")
    other = commands.add_parser("map", help="the same relative depths of another backbone")
    other.add_argument("files", nargs=1, type=Path, metavar="FILE")
    other.add_argument("--backbone", required=True, metavar="FOLDER", help="of the other one, or its hub id")
    other.add_argument("--out", type=_file, required=True, metavar="FILE", help="the file of the new structure")
    one = commands.add_parser("show", help="units by method and role")
    one.add_argument("files", nargs=1, type=Path, metavar="FILE")
    return parser


def _file(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("the name of a file is needed")
    return Path(text)


def _save(made: Structure, out: Path, told: str = "") -> None:
    made.save(out)
    print(f"{out}: {_size(made)}{told}")  # noqa: T201


def _size(structure: Structure) -> str:
    return f"{_units(len(structure.units))}, {structure.cost} numbers"


def _units(count: int) -> str:
    return f"{count} unit{'s' * (count != 1)}"


def _show_difference(found: Difference, files: Sequence[Path]) -> None:
    for path, names in zip(files, (found.first, found.second), strict=True):
        print(f"only in {path}: {len(names)}")  # noqa: T201
        for name in names:
            print(f"  {name}")  # noqa: T201
    print(f"in both: {len(found.both)}")  # noqa: T201


def _show(structure: Structure) -> None:
    backbone = structure.backbone
    share = f", {1e6 * structure.cost / backbone['parameters']:.1f} ppm" if backbone.get("parameters") else ""
    print(f"{_size(structure)}{share} of {backbone['source']}")  # noqa: T201
    rows = dict.fromkeys((name.method, name.role, name.side) for name in structure.names)
    for row in rows:
        units = [unit for unit in structure.units if (unit.name.method, unit.name.role, unit.name.side) == row]
        layers = " ".join(str(unit.name.layer) for unit in units if unit.name.layer is not None)
        numbers = sum(unit.cost for unit in units)
        print(f"{' '.join(row)}: {_units(len(units))}, {numbers} numbers; layers {layers or '-'}")  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main())
