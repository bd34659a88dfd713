"""Rows of a local copy, in the formats that the collections are distributed in."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deltalab.errors import UserError
from deltalab.task.hub import saved
from deltalab.task.lines import lines
from deltalab.task.published.nested import FLAT
from deltalab.task.published.table import Entry, Files

__all__ = ["local"]

log = logging.getLogger(__name__)

Row = dict[str, Any]


def local(entry: Entry, path: str) -> dict[str, Any]:
    """The rows of `train` and `validation` below `path`: the folder of the task, or that of its collection.

    A folder written by `save_to_disk` will do as well. Raises `UserError` for a file that is missing or malformed.
    """
    folder = Path(path).expanduser()
    found = saved(folder, entry.splits or {"train": "train", "validation": "validation"})
    if found is not None:
        return found
    names = {"train": entry.files.train, "validation": entry.files.validation}
    places = [folder, folder / entry.files.folder]
    place = next((one for one in places if (one / entry.files.train).is_file()), None)
    if place is None:
        raise UserError(f"task.path={folder}: no {entry.files.train} here or in {entry.files.folder}/")
    if not (place / entry.files.validation).is_file():
        raise UserError(f"task.path={folder}: no {entry.files.validation} beside {entry.files.train}")
    return {split: _read(place / name, entry) for split, name in names.items()}


def _read(file: Path, entry: Entry) -> list[Row]:
    rows = _READERS[file.suffix](file, entry.files)
    flat = FLAT.get(entry.shape or "")
    try:
        return rows if flat is None else [part for row in rows for part in flat(row)]
    except (KeyError, TypeError) as error:
        raise UserError(f"{file}: not in the form of {entry.files.folder} ({error!r})") from error


def _tsv(file: Path, form: Files) -> list[Row]:
    """Rows by the names of a header line, or of `form.header`; quotes are characters as any other."""
    texts = lines(file)
    header = list(form.header) or next(iter(texts), ("", ""))[1].split("\t")
    wanted = {name: form.columns.get(name, name) for name in {*form.columns, *header}}
    lost = [column for column in form.columns.values() if column not in header]
    if lost:
        raise UserError(f"{file}:1: no column '{lost[0]}'; the columns are {', '.join(header)}")
    rows, short = [], 0
    for where, text in texts:
        cells = text.split("\t")
        if len(cells) < len(header):
            if not form.ragged:
                raise UserError(f"{where}: {len(cells)} columns; expected {len(header)}: {', '.join(header)}")
            short += 1
            continue
        named = dict(zip(header, cells, strict=False))
        rows.append({name: named[column] for name, column in wanted.items() if column in named})
    if short:
        log.info("%s: %d lines with too few columns left out", file, short)
    return rows


def _jsonl(file: Path, form: Files) -> list[Row]:
    return [_object(text, where) for where, text in lines(file) if text.strip()]


def _json(file: Path, form: Files) -> list[Row]:
    return [_object(file.read_text(encoding="utf-8"), str(file))]


def _object(text: str, where: str) -> Row:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise UserError(f"{where}: not JSON ({error})") from error
    if not isinstance(found, dict):
        raise UserError(f"{where}: not an object")
    return found


_READERS: Mapping[str, Callable[[Path, Files], list[Row]]] = {".tsv": _tsv, ".jsonl": _jsonl, ".json": _json}
