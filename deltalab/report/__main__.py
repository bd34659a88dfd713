"""From records: a page, tables, or the pictures again: `python -m deltalab.report RUNS... -o report.html`.

`-o FILE`, `--csv FILE` and `--latex FILE` take records and folders of runs, and leave out what is damaged, with a line
for each and exit code 1. `--out DIR` draws records; what a search left is read from the folder of its record.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from deltalab.errors import UserError
from deltalab.report.page.publish import publish
from deltalab.report.picture.canvas import Record, save
from deltalab.report.picture.draw import pictures, search_pictures, together
from deltalab.report.picture.outcomes import about


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0; 1 where something was left out; 2 and one line for a user's mistake."""
    options = _parser().parse_args(words)
    tables = (options.html, options.csv, options.latex)
    try:
        if options.out is None and not any(tables):
            raise UserError("no file is asked for; give -o FILE, --csv FILE, --latex FILE or --out DIR")
        drawn = {} if options.out is None else _drawn(options.records)
        left_out = publish(options.records, *tables) if any(tables) else []
        for path in filter(None, tables):
            print(path)  # noqa: T201
        for name, figure in drawn.items():
            path = _folder(options.out) / f"{name}.png"
            save(figure, path)
            print(path)  # noqa: T201
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)  # noqa: T201
    return 1 if left_out else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deltalab.report", description=__doc__)
    parser.add_argument("records", nargs="+", type=Path, metavar="RUNS", help="record.json files, or folders of runs")
    parser.add_argument("-o", "--html", type=Path, metavar="FILE", help="one self-contained page")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="the leaderboard, scores as fractions")
    parser.add_argument("--latex", type=Path, metavar="FILE", help="the leaderboard as a table, scores in percent")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder of PNG files; takes record files alone")
    return parser


def _drawn(paths: Sequence[Path]) -> dict[str, Figure]:
    """All pictures by file name; those of one of several records begin with its place among them, from 1 on."""
    records = [_read(path) for path in paths]
    shared = together(records)
    found: dict[str, Figure] = {}
    for i, (path, record) in enumerate(zip(paths, records, strict=True)):
        own = pictures(record) | search_pictures(record, path.parent)
        if not own and not (shared and about(record)):
            raise UserError(
                f"{path}: nothing to draw in a record of stage '{record.get('stage')}'; allowed: optimize with e_rel, "
                "approximate with a history or a landscape, search with a trajectory.json beside it, or several of "
                "search and tune on one task"
            )
        found |= {f"{i + 1}-{name}" if len(paths) > 1 else name: figure for name, figure in own.items()}
    return found | shared


def _read(path: Path) -> Record:
    """A record file; raises `UserError` where there is none."""
    try:
        content = json.loads(path.read_text())
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name the JSON record of a run") from error
    except ValueError as error:
        raise UserError(f"{path}: is no JSON ({error}); name the JSON record of a run") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: holds a JSON {type(content).__name__}, not the record of a run")
    return content


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"--out {path}: cannot be a folder ({error.strerror})") from error
    return path


if __name__ == "__main__":
    raise SystemExit(main())
