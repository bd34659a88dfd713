"""The folders that work for the store is done in: kept for a run that goes on, cleared once it is given up."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalab.store.entry import size
from deltalab.store.lock import held, tried

__all__ = ["clear", "workplace"]

_WORK, _LOCKS, _DAY = ".work", ".locks", 86400.0


@contextmanager
def workplace(root: Path, name: str) -> Iterator[Path]:
    """The folder of a piece of work, with what a killed process has left of it; gone once the work is done.

    Nobody clears it meanwhile; to have it alone is another lock's matter.
    """
    folder = root / _WORK / name
    with held(_lock(root, name), shared=True):
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        shutil.rmtree(folder, ignore_errors=True)


def clear(root: Path, days: float) -> list[tuple[str, int]]:
    """Remove the work that no process is at and that nobody has touched for so long: name and bytes of each."""
    removed = []
    for folder in sorted((root / _WORK).glob("*")):
        with tried(_lock(root, folder.name)) as free:
            if free and folder.is_dir() and time.time() - _touched(folder) > days * _DAY:
                removed.append((f"work {folder.name}", size(folder)))
                shutil.rmtree(folder)
    return removed


def _lock(root: Path, name: str) -> Path:
    return root / _LOCKS / f"work-{name}"


def _touched(folder: Path) -> float:
    """When anything in a folder was last written, in seconds since the epoch."""
    return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
