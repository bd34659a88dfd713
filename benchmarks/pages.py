"""The tables of the documentation, written anew from the results that are kept.

    python -m benchmarks.pages

A table of `docs/` stands under a comment that names its file in `benchmarks/results/` and which of the file's tables it
is, as in `<!-- suite_builtin 0 -->`. Nothing else on the pages changes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import pairs_table, parted, speed, structures, suite
from deltalab.errors import UserError, member

__all__ = ["PAGES", "filled", "main", "tables"]

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGES = (ROOT / "docs" / "results.md", ROOT / "docs" / "speed.md")
KINDS = {
    "suite": suite.tables,
    "pairs": lambda found: [pairs_table.markdown(found), pairs_table.originals(found)],
    "parted": lambda found: [parted.markdown(found)],
    "structures": structures.tables,
    "tiny": lambda found: [speed.markdown(found)],
    "mid": lambda found: [speed.markdown(found)],
}
"""What the tables of a file are, by the first word of its name."""

_PLACE = re.compile(r"^<!-- (\w+) (\d+) -->\n\n?(?:\|.*\n)*\n*", flags=re.MULTILINE)


def tables(path: Path) -> list[str]:
    """The tables of one file of results; raises `UserError` where it is missing or of no known kind."""
    if not path.is_file():
        raise UserError(f"{path}: no such file of results, named on a page")
    kind = member("kind of results", path.stem.partition("_")[0], KINDS, str(path))
    return kind(json.loads(path.read_text()))


def filled(page: str, results: Path = RESULTS) -> str:
    """The page with the tables of these results in their places; raises `UserError` for a place without a table."""

    def table(place: re.Match[str]) -> str:
        name, number = place[1], int(place[2])
        known = tables(results / f"{name}.json")
        if number >= len(known):
            raise UserError(f"<!-- {name} {number} -->: {name}.json has {len(known)} tables, counted from 0")
        return f"<!-- {name} {number} -->\n\n{known[number]}\n"  # what follows a table at once would be a row of it

    return _PLACE.sub(table, page).rstrip("\n") + "\n"


def main(words: Sequence[str] | None = None) -> int:
    """Write the pages anew; 0, or 2 and one line where one names what is not there, and then none has changed."""
    argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__).parse_args(words)
    try:
        new = {page: filled(page.read_text()) for page in PAGES}
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    for page, text in new.items():
        page.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
