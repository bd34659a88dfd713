"""Checkpoint files: written whole, the one before kept, and read without running anything that they hold."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, final
from zipfile import BadZipFile, ZipFile

import torch
from lightning.pytorch.plugins.io import TorchCheckpointIO

from deltalab.atomic import atomic
from deltalab.errors import UserError

__all__ = ["FOLDER", "LAST", "Checkpoints", "content", "newest"]

log = logging.getLogger(__name__)

FOLDER, LAST = "checkpoints", "last.ckpt"
_BEFORE = "last.before.ckpt"


@final
class Checkpoints(TorchCheckpointIO):
    """How a trainer writes checkpoints: each appears whole or not at all, and what stood in its place stays beside it.

    A process may be killed, or the machine lose its power, at any moment: one of the two files is whole.
    """

    def save_checkpoint(self, checkpoint: dict[str, Any], path: str | Path, storage_options: object = None) -> None:
        """Write a checkpoint to the disk itself; the one at `path` moves to NAME.before.ckpt."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as part:
            with part.open("wb") as file:
                torch.save(checkpoint, file)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                os.replace(path, path.with_name(f"{path.stem}.before{path.suffix}"))


def content(path: Path) -> dict[str, Any]:
    """What a checkpoint holds, its tensors still on disk; raises `UserError` for a file that is none, or damaged."""
    found = _read(path)
    if found is None:
        raise UserError(f"{path}: no checkpoint of a run, or a damaged one")
    return found


def newest(folder: Path) -> Path | None:
    """The last whole checkpoint in a folder, None where there is none; what is damaged is named in the log."""
    for path in (folder / LAST, folder / _BEFORE):
        if path.is_file():
            if _read(path) is not None:
                return path
            log.warning("%s: torn or damaged; the checkpoint before it is used, if there is one", path)
    return None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with ZipFile(path) as archive:  # torch itself does not look at the checksums
            if archive.testzip() is not None:
                return None
        found = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    except (BadZipFile, EOFError, RuntimeError, UnpicklingError, ValueError, KeyError):
        return None
    return found if isinstance(found, dict) and "state_dict" in found else None
