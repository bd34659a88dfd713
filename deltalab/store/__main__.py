"""Look after finished work: `python -m deltalab.store [--root store] list | show KEY | prune [KEY ...]`.

A key may be given by its beginning, alone or after its kind: `a3f`, `solution/a3f`.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from deltalab.errors import UserError, nearest
from deltalab.store.entry import CARD, Damage, inspect, size
from deltalab.store.store import DEFAULT_ROOT, Store


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0, or 2 and one line for a user's mistake."""
    options = _parser().parse_args(words)
    store = Store(options.root)
    try:
        _refuse(options.root)
        if options.command == "list":
            _list(store)
        elif options.command == "show":
            _show(store, options.key)
        else:
            _prune(store, options.keys, options.older_than, options.damaged, options.work_older_than)
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _refuse(root: str) -> None:
    """Raise `UserError` for a folder that was named and is none; the usual one is made by the first run."""
    if root != DEFAULT_ROOT and not Path(root).is_dir():
        raise UserError(f"--root {root}: no such folder; allowed: the folder of a store, store.root of its runs")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deltalab.store", description=__doc__)
    parser.add_argument("--root", default=DEFAULT_ROOT, help="the folder of the store; default: %(default)s")
    root = argparse.ArgumentParser(add_help=False)
    root.add_argument("--root", default=argparse.SUPPRESS, help="the same, after the command")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", parents=[root], help="all entries, newest last")
    show = commands.add_parser("show", parents=[root], help="the card of an entry as JSON")
    show.add_argument("key", metavar="KEY")
    prune = commands.add_parser("prune", parents=[root], help="remove entries, and always what killed processes left")
    prune.add_argument("keys", nargs="*", metavar="KEY", help="these entries; none named and no option: no entry")
    prune.add_argument("--older-than", type=_days, metavar="DAYS", help="whole entries made before that")
    prune.add_argument("--damaged", action="store_true", help="entries that would be refused")
    prune.add_argument(
        "--work-older-than",
        type=_days,
        default=7.0,
        metavar="DAYS",
        help="what killed runs left unfinished and nobody has gone on with since; default: %(default)g days",
    )
    return parser


def _days(word: str) -> float:
    try:
        days = float(word)
    except ValueError:
        days = math.nan
    if not days >= 0:
        raise argparse.ArgumentTypeError(f"'{word}'; allowed: 0 days or more")
    return days


def _list(store: Store) -> None:
    whole, damaged = store.survey()
    table = Table("kind", "key", "size", "created (UTC)", "what", title=f"store {store.root}", title_justify="left")
    for column in table.columns[:4]:
        column.no_wrap = True
    table.columns[4].overflow = "fold"
    for entry in whole:
        created, what = f"{entry.created:%Y-%m-%d %H:%M}", Text(str(entry.facts.get("what", "")))
        table.add_row(entry.kind, entry.key, decimal(size(entry.path)), created, what)
    for bad in damaged:
        kind, key = bad.path.parent.name, bad.path.name
        table.add_row(kind, key, decimal(size(bad.path)), "", Text(f"damaged: {bad.reason}", style="red"))
    Console().print(table)


def _show(store: Store, word: str) -> None:
    folder = _find(store, word)
    found = inspect(folder)
    if isinstance(found, Damage):
        raise UserError(f"store entry {folder}: damaged: {found.reason}")
    print((folder / CARD).read_text(), end="")  # noqa: T201


def _prune(store: Store, words: Sequence[str], older_than: float | None, damaged: bool, given_up: float) -> None:
    chosen = [_find(store, word) for word in words]
    if older_than is not None or damaged:
        whole, bad = store.survey()
        if older_than is not None:
            now, day = datetime.now(UTC), timedelta(days=1)
            chosen += [entry.path for entry in whole if (now - entry.created) / day > older_than]
        if damaged:
            chosen += [damage.path for damage in bad]
    removed = store.prune(dict.fromkeys(chosen)) + store.clear(given_up)
    for name, count in removed:
        print(f"removed {name}, {decimal(count)}")  # noqa: T201
    print(f"freed {decimal(sum(count for _, count in removed))}" if removed else "nothing to remove")  # noqa: T201


def _find(store: Store, word: str) -> Path:
    """The one folder whose key, or kind and key, begins with a word."""
    names = {f"{folder.parent.name}/{folder.name}": folder for folder in store.folders()}
    fitting = [name for name in names if name.startswith(word) or name.partition("/")[2].startswith(word)]
    if len(fitting) == 1:
        return names[fitting[0]]
    if fitting:
        shown = ", ".join(fitting[:3]) + (", ..." if len(fitting) > 3 else "")
        raise UserError(
            f"store {store.root}: '{word}' begins {len(fitting)} entries ({shown}); give more of it, as KIND/KEY"
        )
    keys = nearest(word.rpartition("/")[2], (folder.name for folder in names.values()))
    close = [name for key in keys for name in names if name.endswith(key)]
    hint = f"nearest: {', '.join(dict.fromkeys(close))}" if close else "`python -m deltalab.store list` shows all keys"
    raise UserError(f"store {store.root}: no entry '{word}'; {hint}")


if __name__ == "__main__":
    raise SystemExit(main())
