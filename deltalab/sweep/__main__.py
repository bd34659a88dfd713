"""Look at a sweep, in work or not: `python -m deltalab.sweep status DIR`.

In a terminal the table stays up to date until the sweep ends; Ctrl-C ends the looking alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.live import Live

from deltalab.errors import UserError
from deltalab.sweep.status import look, table

_REFRESH = 1.0  # seconds


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0, or 2 and one line for a user's mistake."""
    options = _parser().parse_args(words)
    try:
        _show(options.folder, Console())
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deltalab.sweep", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    status = commands.add_parser("status", help="what has become of each job, and the best so far")
    status.add_argument("folder", metavar="DIR", type=Path, help="the folder of a sweep: runs/multirun/...")
    return parser


def _show(folder: Path, console: Console) -> None:
    jobs, working = look(folder)
    if not (working and console.is_terminal):
        console.print(table(folder, jobs, working))
        return
    with suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(table(folder, jobs, working), refresh=True)
            if not working:
                return
            time.sleep(_REFRESH)
            jobs, working = look(folder)


if __name__ == "__main__":
    raise SystemExit(main())
