"""Signals that ask a sweep to stop, noted instead of obeyed at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["noted"]

_ASKED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)


@contextmanager
def noted() -> Iterator[list[int]]:
    """A list that grows by each signal that comes in; those that the process ignores stay ignored."""
    caught: list[int] = []
    if threading.current_thread() is not threading.main_thread():  # Python gives signals to no other
        yield caught
        return
    asked = [number for number in _ASKED if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda came, _: caught.append(came)) for number in asked}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
