"""A task from a folder of split files, as CrossFit lays them out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from deltalab.errors import UserError, unknown
from deltalab.task import jsonl, tsv
from deltalab.task.assemble import assemble, label_set
from deltalab.task.example import Example
from deltalab.task.limit import Limit
from deltalab.task.metric import metric_for, metric_named
from deltalab.task.shots import few
from deltalab.task.task import SPLITS, Task

__all__ = ["read", "sets"]

READERS = {".tsv": tsv.rows, ".jsonl": jsonl.rows}
EXPECTED = "train.tsv, dev.tsv, test.tsv, or NAME_K_SEED_train.tsv and so on, or the same with .jsonl"
_FILE = re.compile(r"(?:(?P<prefix>.+)_)?(?P<split>train|dev|test)(?P<suffix>\.tsv|\.jsonl)")


def read(
    path: str | Path,
    name: str | None = None,
    metric: str | None = None,
    evaluation: str = "auto",
    prefix: str | None = None,
    limit: Mapping[str, int | None] | None = None,
    seed: int = 0,
    shots: int | None = None,
) -> Task:
    """The task in folder `path`: files `{train,dev,test}` or `{prefix}_{train,dev,test}`, `.tsv` or `.jsonl`.

    `name` defaults to the folder's name and `metric` to CrossFit's for that name. `prefix` chooses among several sets
    of files ('' the plain ones, `*_13` the one whose name ends so). `limit` caps the rows of a split, drawn with `seed`
    (see `Limit`), `shots` those of a class in train and dev (see `few`); the label set is that of the whole train file.
    Raises `UserError` for anything missing, empty, ambiguous or malformed.
    """
    folder = Path(str(path)).expanduser()
    files = _choose(sets(folder), None if prefix is None else str(prefix), folder)
    name = str(name or folder.resolve().name)
    chosen = metric_named(str(metric)) if metric else metric_for(name)
    cap = Limit.of({} if limit is None else limit, seed)
    splits: dict[str, tuple[Example, ...]] = {split: READERS[file.suffix](file) for split, file in files.items()}
    kept = {split: cap.take(split, rows) for split, rows in splits.items()}
    labels = label_set(splits["train"], chosen, evaluation)
    return assemble(name, few(kept, shots, labels, seed), chosen, labels, evaluation, f"task.path={folder}")


def sets(folder: Path) -> dict[str, dict[str, Path]]:
    """The sets of files in a folder: prefix to split to file; `UserError` when folder or files are missing."""
    if not folder.is_dir():
        raise UserError(f"task.path: no folder '{folder}'; expected a folder with {EXPECTED}")
    found: dict[str, dict[str, Path]] = {}
    for file in sorted(folder.iterdir()):
        match = _FILE.fullmatch(file.name)
        if match is None or not file.is_file():
            continue
        files = found.setdefault(match["prefix"] or "", {})
        if match["split"] in files:
            raise UserError(f"{file}: {files[match['split']].name} is there too; keep one file a split")
        files[match["split"]] = file
    if not found:
        raise UserError(f"task.path={folder}: no split files; expected {EXPECTED}")
    return found


def _choose(found: Mapping[str, dict[str, Path]], prefix: str | None, folder: Path) -> dict[str, Path]:
    """The files of one prefix, in the order of the splits."""
    fitting = [known for known in found if prefix is None or fnmatchcase(known, prefix)]
    if not fitting:
        raise unknown("prefix", prefix, [repr(known) for known in found], f"task.prefix in {folder}")
    if len(fitting) > 1:
        names = ", ".join(repr(known) for known in fitting)
        raise UserError(f"task.path={folder}: several sets of files, choose one with task.prefix=...; allowed: {names}")
    chosen = fitting[0]
    files = found[chosen]
    missing = [split for split in SPLITS if split not in files]
    if missing:
        stem, suffix = (f"{chosen}_" if chosen else ""), next(iter(files.values())).suffix
        raise UserError(f"task.path={folder}: no {missing[0]} split; expected a file {stem}{missing[0]}{suffix}")
    return {split: files[split] for split in SPLITS}
