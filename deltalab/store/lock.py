"""A lock that a process holds on a file, and that ends with the process."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalab.errors import UserError

__all__ = ["held", "tried"]

_HELD: dict[tuple[Path, int], int] = {}  # the descriptor by file and thread


@contextmanager
def held(path: Path, shared: bool = False) -> Iterator[None]:
    """Wait for the lock on a file, made where missing, and hold it; raises `UserError` where it cannot be taken.

    Several can have it `shared`, as long as nobody has it alone. Threads exclude each other as processes do; the thread
    that holds a lock may ask for it again. The file stays when the lock ends: removed, it could be locked under two
    identities at once.
    """
    mine = path.resolve(), threading.get_ident()
    if mine in _HELD:
        yield
        return
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    _HELD[mine] = descriptor
    try:
        with _explained(path):
            fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(_HELD.pop(mine))


@contextmanager
def tried(path: Path) -> Iterator[bool]:
    """Hold the lock on a file alone, made where missing, unless somebody has it; yields whether."""
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f"store: cannot lock {path} ({error.strerror}); give a store that can be written") from error


def _forget() -> None:
    """A lock lasts as long as any copy of its descriptor, and a worker may outlive the process that forked it."""
    for descriptor in _HELD.values():
        os.close(descriptor)
    _HELD.clear()


os.register_at_fork(after_in_child=_forget)
