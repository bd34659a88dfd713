"""Runs: their records, checked before anything is read from them, and the commands that made them."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final
from urllib.parse import quote

import yaml

from deltalab.errors import UserError
from deltalab.report.page.shape import RECORD, STAGES, misfit
from deltalab.report.picture.canvas import Record
from deltalab.report.record import FORMAT

__all__ = ["NAME", "Run", "read", "record_files"]

NAME = "record.json"


@final
@dataclass(frozen=True)
class Run:
    """A record, its file, and the command line that wrote it; None where nothing beside the record tells it."""

    path: Path
    record: Record
    command: str | None

    @property
    def stage(self) -> str:
        """The stage of the record."""
        return str(self.record["stage"])

    @property
    def tasks(self) -> list[str]:
        """The names of the tasks that the record tells of."""
        found = self.record["tasks"] if self.stage == "approximate" else [self.record["task"]]
        return [task["name"] for task in found]

    def link(self, page: Path) -> str:
        """The way from the folder of a page to the record, fit for a link: nothing in it can be taken for a scheme."""
        return "./" + quote(Path(self.seen_from(page)).as_posix(), errors="replace")

    def seen_from(self, page: Path) -> str:
        """The way from the folder of a page to the record, to be read."""
        return os.path.relpath(self.path.resolve(), page.resolve().parent)


def record_files(places: Iterable[Path]) -> list[Path]:
    """The record files that are named or lie below the folders named, each once.

    The record of a job below the record of its run is left out: it repeats it. Raises `UserError` for a folder without
    any.
    """
    found: dict[Path, Path] = {}
    for place in places:
        below = [place]
        if place.is_dir():
            below = [path for path in sorted(place.rglob(NAME)) if not _repeats(path)]
            if not below:
                raise UserError(f"{place}: no {NAME} below this folder; name runs, or folders of runs")
        found |= {path.resolve(): path for path in below if path.resolve() not in found}
    return list(found.values())


def read(path: Path) -> Run:
    """A record and its command; raises `UserError` where the file is damaged or no record that this version reads."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name the JSON record of a run") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: damaged, no JSON ({error})") from error
    if not isinstance(record, dict) or "format" not in record or "stage" not in record:
        raise UserError(f"{path}: is not the record of a run; it tells no format and stage")
    if record["format"] != FORMAT:
        raise UserError(f"{path}: format {record['format']!r}, this version reads {FORMAT}")
    stage = record["stage"]
    if not isinstance(stage, str) or stage not in STAGES:
        raise UserError(f"{path}: stage {stage!r}; allowed: {', '.join(STAGES)}")
    told = misfit(record, RECORD) or misfit(record, STAGES[stage])
    if told is not None:
        raise UserError(f"{path}: damaged, {told}")
    return Run(path, record, _command(path, stage))


def _repeats(path: Path) -> bool:
    above = path.parent.parent
    return above.name == "jobs" and (above.parent / NAME).is_file()


def _command(path: Path, stage: str) -> str | None:
    """The program and its overrides as Hydra wrote them beside the record, or beside the record of the whole run."""
    place = path.absolute().parent
    folders = [place] + [place.parent.parent] * (place.parent.name == "jobs")
    kept = next((file for folder in folders if (file := folder / ".hydra" / "overrides.yaml").is_file()), None)
    if kept is None:
        return None
    try:
        words: Any = yaml.safe_load(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise UserError(f"{kept}: damaged ({' '.join(str(error).split())})") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise UserError(f"{kept}: damaged, must be a list of overrides")
    return shlex.join(["python", "search.py" if stage == "search" else "train.py", *words])
