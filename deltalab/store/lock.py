"""A lock that a process holds on a file, and that ends with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalab.errors import UserError

__all__ = ["held"]

_HELD: set[int] = set()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Wait for the lock on a file, made where missing, and hold it; raises `UserError` where it cannot be taken.

    Threads and processes exclude each other alike; asking again for a lock one holds waits forever. The file stays
    when the lock ends: removed, it could be locked under two identities at once.
    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    _HELD.add(descriptor)
    try:
        with _explained(path):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        _HELD.discard(descriptor)
        os.close(descriptor)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f"store: cannot lock {path} ({error.strerror}); give a store that can be written") from error


def _forget() -> None:
    """A lock lasts as long as any copy of its descriptor, and a worker may outlive the process that forked it."""
    for descriptor in _HELD:
        os.close(descriptor)
    _HELD.clear()


os.register_at_fork(after_in_child=_forget)
