"""A bound on time that holds in the middle of a call."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

__all__ = ["OutOfTime", "within"]


class OutOfTime(BaseException):
    """The time is up; no `Exception`, so that a library that catches those does not hold it up."""


def within(seconds: float, work: Callable[[], object]) -> bool:
    """Do the work, or give it up where it stands after `seconds` (above 0); whether it was done.

    An operation of torch, a whole backward pass among them, ends before work is given up. The process has one alarm
    clock, on its main thread: works cannot be nested.
    """

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            work()
            return True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)  # inside the outer `try`: it may ring just before
    except OutOfTime:
        return False
    finally:
        signal.signal(signal.SIGALRM, before)
