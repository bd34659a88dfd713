"""To and from other projects' files: `python -m deltalab.interop export | import | merge | structure`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deltalab.errors import UserError
from deltalab.interop.export import export
from deltalab.interop.importing import as_overrides, import_adapter
from deltalab.interop.merge import merge
from deltalab.interop.node import backbone_of, settings_at
from deltalab.interop.opened import open_solution
from deltalab.interop.published import published_structure, t5_large
from deltalab.interop.quiet import quiet
from deltalab.trust import trust

__all__ = ["main"]


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0, or 2 and one line for a user's mistake."""
    options = _parser().parse_args(words)
    quiet()
    try:
        trust(options.allow)
        _COMMANDS[options.command](options)
    except UserError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deltalab.interop", description=__doc__)
    parser.add_argument(
        "--allow", action="append", default=[], metavar="PACKAGE", help="of your own, with a delta in it"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    solution = argparse.ArgumentParser(add_help=False)
    solution.add_argument("solution", type=Path, metavar="SOLUTION", help="the folder of a solution: runs/.../solution")
    solution.add_argument("out", type=Path, metavar="OUT", help="a new folder")
    solution.add_argument("--backbone", metavar="PLACE", help="folder or hub id; default: the one the run used")
    commands.add_parser("export", parents=[solution], help="a solution as a PEFT adapter")
    commands.add_parser("merge", parents=[solution], help="a solution merged into a copy of its backbone, in float32")
    other = commands.add_parser("import", help="a PEFT adapter as a solution")
    other.add_argument("adapter", type=Path, metavar="ADAPTER", help="the folder that PEFT's save_pretrained wrote")
    other.add_argument("out", type=Path, metavar="OUT", help="a new folder")
    other.add_argument("--backbone", metavar="PLACE", help="folder or hub id; default: what the adapter names")
    other.add_argument("--seed", type=int, default=42, help="of theta0, from which the solution counts as a step")
    found = commands.add_parser("structure", help="a published structure as a structure file")
    found.add_argument("file", type=Path, metavar="FILE", help="JSON, in the form of Sparse Structure Search")
    found.add_argument("out", type=Path, metavar="OUT", help="the YAML file, for delta=structure delta.path=OUT")
    found.add_argument("--backbone", metavar="PLACE", help="folder or hub id; default: the shape of t5-large")
    return parser


def _export(options: argparse.Namespace) -> None:
    adapter, gap = export(open_solution(options.solution, options.backbone), options.out)
    checked = "peft is not installed: not checked" if gap is None else f"largest difference of logits {gap:.1e}"
    print(f"{options.out}: {adapter.kind}, {len(adapter.tensors)} tensors; {checked}")  # noqa: T201


def _merge(options: argparse.Namespace) -> None:
    gap = merge(open_solution(options.solution, options.backbone), options.out)
    print(f"{options.out}: merged in float32; largest difference of logits {gap:.1e}")  # noqa: T201


def _import(options: argparse.Namespace) -> None:
    opened = import_adapter(options.adapter, options.out, options.backbone, options.seed)
    units, size = len(opened.delta.units), opened.delta.size
    print(f"{options.out}: {opened.delta.name}, {units} units, {size} numbers; evaluate it on a task with")  # noqa: T201
    print(f"  python train.py {as_overrides(opened, options.out)} trainer.max_steps=0")  # noqa: T201


def _structure(options: argparse.Namespace) -> None:
    backbone = t5_large() if options.backbone is None else backbone_of(settings_at(options.backbone))
    made = published_structure(options.file, backbone)
    made.save(options.out)
    print(f"{options.out}: {len(made.units)} units, {made.cost} numbers")  # noqa: T201


_COMMANDS = {"export": _export, "import": _import, "merge": _merge, "structure": _structure}

if __name__ == "__main__":
    raise SystemExit(main())
