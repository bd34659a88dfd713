"""SIGTERM and SIGUSR1: the end of the step under way, a checkpoint, and an exit code that asks to be started again."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import final

__all__ = ["WISH", "Preempted", "preemptible"]

_SIGNALS = (signal.SIGTERM, signal.SIGUSR1)
_RANKS = ("RANK", "LOCAL_RANK", "NODE_RANK")


class Preempted(SystemExit):
    """Ends a run that is to be started again: exit code 75, EX_TEMPFAIL of sysexits.h.

    Of several processes the first tells so; the others end well, or whoever started them would end the first.
    """

    def __init__(self) -> None:
        first = all(os.environ.get(name, "0") == "0" for name in _RANKS)
        super().__init__(os.EX_TEMPFAIL if first else 0)


@final
class _Wish:
    """Whether the process has been asked to end, and whether a step is under way that is to be ended first."""

    def __init__(self) -> None:
        self.asked = self.in_training = False

    def hear(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        if not self.in_training:  # all that is finished lies in files, and whatever is half written goes
            raise Preempted


WISH = _Wish()


@contextmanager
def preemptible() -> Iterator[None]:
    """Inside, the two signals end the process as above; under SLURM, where Lightning requeues the job, they stay."""
    if threading.current_thread() is not threading.main_thread() or _under_slurm():
        yield
        return
    WISH.asked = WISH.in_training = False
    before = {number: signal.signal(number, WISH.hear) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _under_slurm() -> bool:
    if "SLURM_NTASKS" not in os.environ:
        return False
    from lightning.fabric.plugins.environments.slurm import SLURMEnvironment  # seconds, that nobody else is to wait

    return SLURMEnvironment.detect()
