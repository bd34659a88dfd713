"""What `make demo` found, in one small file, and its tables in the README.

    make demo
    python -m benchmarks.demo

takes the newest runs of the demo, keeps what their tables need in `benchmarks/results/demo.json`, and writes the tables
into the README in place of those that stand there. `--show` prints the tables of that file and changes nothing.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from deltalab.atomic import write_json
from deltalab.errors import UserError
from deltalab.report.relative_table import print_relative
from deltalab.report.table import print_results

__all__ = ["gathered", "main", "put", "tables"]

ROOT = Path(__file__).parents[1]
RUNS = {"tune": "demo", "optimize": "d4"}
"""The runs that are shown, by stage, and the folder that their names give them."""

_COMMON = ("task", "metric", "majority", "seconds", "chip", "versions", "revision")
_KEPT = {"tune": ("jobs",), "optimize": ("dim", "methods", "e_orig", "e_full", "e_sub", "e_rel")}


def main(words: Sequence[str] | None = None) -> int:
    """Gather, keep and show; 0, or 2 and one line where a run is missing or the page has no place for a table."""
    options = _options(words)
    try:
        if options.show:
            print("\n".join(tables(json.loads(options.keep.read_text()))), end="")
            return 0
        found = gathered(options.runs)
        page = put(options.page.read_text(), tables(found))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    write_json(options.keep, found)
    options.page.write_text(page)
    return 0


def gathered(runs: Path) -> dict[str, Any]:
    """What the tables need of the newest record of each stage; raises `UserError` where there is none."""
    found = {}
    for stage, name in RUNS.items():
        paths = sorted((runs / name).glob("*/record.json"), reverse=True)  # folders are named by their time
        records = (json.loads(path.read_text()) for path in paths)
        newest = next((record for record in records if record["stage"] == stage), None)
        if newest is None:
            raise UserError(f"{runs / name}: no finished run of stage={stage}; run `make demo`")
        found[stage] = {key: newest[key] for key in (*_COMMON, *_KEPT[stage])}
    return found


def tables(found: Mapping[str, Any]) -> list[str]:
    """What the runs printed at their end."""
    return [_printed(print_results, found["tune"]), _printed(print_relative, found["optimize"])]


def put(page: str, shown: Sequence[str]) -> str:
    """The page with these in place of its blocks of the same title, up to the first comma, in order.

    Raises `UserError` where it has more or fewer of them.
    """
    title = shown[0].partition(",")[0]
    parts = re.split(rf"(?<=```text\n){re.escape(title)}.*?(?=```\n)", page, flags=re.DOTALL)
    if len(parts) != len(shown) + 1:
        raise UserError(f"the page has {len(parts) - 1} blocks that begin with '{title}', for {len(shown)} tables")
    return parts[0] + "".join(table + rest for table, rest in zip(shown, parts[1:], strict=True))


def _printed(show: Callable[[Mapping[str, Any], Console], None], record: Mapping[str, Any]) -> str:
    out = io.StringIO()
    show(record, Console(file=out, width=100))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    made = argparse.ArgumentParser(prog="python -m benchmarks.demo", description=__doc__)
    made.add_argument("--runs", type=Path, default=Path("runs/school_subject"), help="default: %(default)s")
    made.add_argument("--keep", type=Path, default=ROOT / "benchmarks" / "results" / "demo.json", metavar="FILE")
    made.add_argument("--page", type=Path, default=ROOT / "README.md", metavar="FILE")
    made.add_argument("--show", action="store_true", help="print the tables of --keep and change nothing")
    return made.parse_args(words)


if __name__ == "__main__":
    raise SystemExit(main())
