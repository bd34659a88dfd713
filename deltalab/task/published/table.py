"""The table of published tasks: where the rows are, how they become texts, how they are scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, final

import yaml

__all__ = ["GROUPS", "Entry", "Files", "table"]

GROUPS = ("glue", "superglue", "other")


@final
@dataclass(frozen=True)
class Files:
    """The distributed form: `folder` below that of the collection, files of `train` and `validation`.

    `columns` are names that differ, ours first; `header` names the columns of a file without a header line; lines with
    too few columns are left out where `ragged`.
    """

    folder: str
    train: str
    validation: str
    columns: Mapping[str, str]
    header: tuple[str, ...] = ()
    ragged: bool = False


@final
@dataclass(frozen=True)
class Entry:
    """One task: hub id, the published text (`input`, and `published` where ours mends it), label words by index.

    `dev` is half of `validation`, or some rows of `train`; `shape` names what prepares a row.
    """

    dataset: str
    input: str
    metric: str
    files: Files
    config: str | None = None
    revision: str | None = None
    published: str | None = None
    words: tuple[str, ...] = ()
    dev: Literal["train", "validation"] = "validation"
    splits: Mapping[str, str] | None = None
    shape: str | None = None


@cache
def table() -> dict[str, Entry]:
    """All tasks by name."""
    here = files("deltalab.task.published")
    found: dict[str, Entry] = {}
    for group in GROUPS:
        for name, fields in yaml.safe_load(here.joinpath(f"{group}.yaml").read_text(encoding="utf-8")).items():
            place = dict(fields.pop("files"))
            place["header"] = tuple(place.get("header", ()))
            fields["words"] = tuple(fields.get("words", ()))
            found[name] = Entry(**fields, files=Files(columns=place.pop("columns", {}), **place))
    return found
