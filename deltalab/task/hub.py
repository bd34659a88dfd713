"""Rows of the Hugging Face hub, or of a folder that its library reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from deltalab.errors import UserError

__all__ = ["Rows", "download", "saved"]

Rows = Any
"""What `datasets` gives: rows as mappings from column to value, with `features`."""


def download(
    dataset: str,
    config: str | None,
    splits: Mapping[str, str],
    revision: str | None = None,
    instead: str = "task.dataset=DIR",
) -> dict[str, Rows]:
    """The splits of a dataset by hub id or local folder, by our names for them; a split may be a slice `train[:10%]`.

    Raises `UserError` where the library is missing or can't give the rows; `instead` says how a local copy is named.
    """
    library = _library()
    try:
        found = library.load_dataset(dataset, config, split=list(splits.values()), revision=revision)
    except Exception as error:  # what it raises depends on the library's own dependencies
        raise UserError(
            f"task.dataset={dataset}: {_line(error)}; check name, splits and connection, or use a local copy: {instead}"
        ) from error
    return dict(zip(splits, found, strict=True))


def saved(folder: Path, splits: Mapping[str, str]) -> dict[str, Rows] | None:
    """The splits of a folder written by `DatasetDict.save_to_disk`, None for any other folder."""
    if not (folder / "dataset_dict.json").is_file():
        return None
    found = _library().load_from_disk(str(folder))
    for split in splits.values():
        if split not in found:
            raise UserError(f"task.path={folder}: no split '{split}'; the folder has {', '.join(found)}")
    return {name: found[split] for name, split in splits.items()}


def _library() -> ModuleType:
    try:
        import datasets  # slow, and needed by few tasks
    except ImportError as error:
        raise UserError("task: datasets of the hub need a package: pip install 'deltalab[hub]'") from error
    return datasets


def _line(error: Exception) -> str:
    words = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {words[0]}" if words[0] else type(error).__name__
