"""What a gym folder has of CrossFit's tasks, and what it lacks."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import final

from deltalab.errors import UserError
from deltalab.task.assemble import UnseenLabels
from deltalab.task.folder import read, sets
from deltalab.task.gym.collection import collection
from deltalab.task.metric.crossfit import table

__all__ = ["Checked", "check", "covered"]


@final
@dataclass(frozen=True)
class Checked:
    """A task, how many sets of files it has that can be read, and what is wrong with the others."""

    name: str
    sets: int
    problems: tuple[str, ...] = ()


def check(root: Path) -> list[Checked]:
    """Every task of the collection in a gym folder, all its files read; `UserError` where there is no such folder."""
    if not root.is_dir():
        raise UserError(f"{root}: no such folder; expected one with a folder for each task")
    return [_checked(root / name) for name in table()]


def covered(found: Iterable[Checked]) -> dict[str, tuple[int, int]]:
    """For each official partition how many of its tasks can be read, of how many."""
    whole = {one.name for one in found if one.sets and not one.problems}
    tasks = {name: {task for part in parts.values() for task in part} for name, parts in collection().splits.items()}
    return {name: (len(of & whole), len(of)) for name, of in tasks.items()}


def _checked(folder: Path) -> Checked:
    if not folder.is_dir():
        return Checked(folder.name, 0, ("missing",))
    try:
        prefixes = list(sets(folder))
    except UserError as error:
        return Checked(folder.name, 0, (str(error),))
    problems = []
    for prefix in prefixes:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UnseenLabels)
                read(folder, folder.name, prefix=prefix)
        except UserError as error:
            problems.append(str(error))
    return Checked(folder.name, len(prefixes) - len(problems), tuple(problems))
