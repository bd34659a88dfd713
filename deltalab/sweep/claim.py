"""Who works in a sweep's folder: one sweep at a time, and its jobs for as long as any of them lives."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deltalab.errors import UserError

__all__ = ["claimed", "in_work"]

_LOCK = "sweep.lock"
_TRIES = 10  # whoever looks whether a folder is in work holds the lock for an instant


@contextmanager
def claimed(folder: Path) -> Iterator[int]:
    """Hold the folder, made where missing; yields the descriptor that jobs inherit to hold it as well.

    Raises `UserError` where a sweep is in work there, or jobs that outlived theirs, or nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise UserError(f"hydra.sweep.dir={folder}: cannot be written ({error.strerror})") from error
    try:
        _take(descriptor, folder)
        yield descriptor
    finally:
        os.close(descriptor)


def in_work(folder: Path) -> bool:
    """Whether a sweep, or a job of one, is alive in the folder."""
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UserError(f"{folder / _LOCK}: cannot be read ({error.strerror})") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _take(descriptor: int, folder: Path) -> None:
    for _ in range(_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(0.05)
    raise UserError(
        f"hydra.sweep.dir={folder}: a sweep, or a job that outlived one, is in work there; "
        f"`python -m deltalab.sweep status {folder}` shows it"
    )
