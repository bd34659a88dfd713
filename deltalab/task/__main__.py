"""Tasks by name and in folders: `python -m deltalab.task list | show NAME | check DIR`."""

from __future__ import annotations

import argparse
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from deltalab.errors import UserError
from deltalab.task.assemble import UnseenLabels
from deltalab.task.catalogue import described, listing
from deltalab.task.folder import read, sets
from deltalab.task.gym.check import check, covered
from deltalab.task.metric.crossfit import table as crossfit
from deltalab.task.published.read import read as published
from deltalab.task.published.table import table
from deltalab.task.task import SPLITS, Task

DAMAGED = 1


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0, 1 where `check` found damaged files, or 2 and one line for a user's mistake."""
    options = _parser().parse_args(words)
    try:
        if options.command == "list":
            lines = _listed()
        elif options.command == "show":
            lines = described(options.name)
        else:
            return _check(options.folder)
        for line in lines:
            print(line)  # noqa: T201
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deltalab.task", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the names of all tasks")
    commands.add_parser("show", help="what is known of a task or partition").add_argument("name", metavar="NAME")
    folder = commands.add_parser("check", help="what a folder has of CrossFit, GLUE or SuperGLUE, and what it lacks")
    folder.add_argument("folder", metavar="DIR", type=Path)
    return parser


def _listed() -> Iterator[str]:
    for title, names in listing().items():
        yield f"{title}: {len(names)}"
        yield from _wrapped(names)


def _wrapped(names: Sequence[str]) -> list[str]:
    one = textwrap.TextWrapper(100, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return one.wrap(" ".join(names))


def _check(folder: Path) -> int:
    gym = check(folder)
    missing = [one.name for one in gym if one.problems == ("missing",)]
    damaged = [problem for one in gym for problem in one.problems if problem != "missing"]
    copies = [*_copies(folder), *_own(folder)]
    lines = [line for line, whole in copies if whole]
    lines += [f"{one.name}: {one.sets} {'set' if one.sets == 1 else 'sets'} of files" for one in gym if one.sets]
    damaged += [line for line, whole in copies if not whole]
    lines += [f"damaged: {problem}" for problem in damaged]
    if len(missing) < len(gym) or not copies:
        lines += [f"missing of CrossFit's {len(gym)} tasks: {len(missing)}", *_wrapped(missing)]
        lines += [f"task=split/{name}: {whole} of {of} tasks" for name, (whole, of) in covered(gym).items()]
    print("\n".join(lines))  # noqa: T201
    return DAMAGED if damaged else 0


def _copies(folder: Path) -> Iterator[tuple[str, bool]]:
    """Published tasks with files below a folder: rows, or what is wrong with them."""
    for name, entry in table().items():
        if (folder / entry.files.folder / entry.files.train).is_file():
            yield _tried(name, partial(published, name, str(folder)))


def _own(folder: Path) -> Iterator[tuple[str, bool]]:
    """The task that the folder itself is, in each of its sets of files."""
    with suppress(UserError):
        for prefix in sets(folder):
            metric = None if folder.name in crossfit() else "EM"  # any other task may have any metric
            yield _tried(prefix or folder.name, partial(read, folder, folder.name, metric, prefix=prefix))


def _tried(name: str, make: Callable[[], Task]) -> tuple[str, bool]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnseenLabels)
            task = make()
    except UserError as error:
        return str(error), False
    return f"{name}: {', '.join(f'{len(task.split(split)):,} {split}' for split in SPLITS)} rows", True


if __name__ == "__main__":
    raise SystemExit(main())
