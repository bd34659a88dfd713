"""SIGTERM and SIGUSR1: the end of the step under way, a checkpoint, and an exit code that asks to be started again."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, final

from lightning import Callback, LightningModule, Trainer
from lightning.fabric.plugins.environments.slurm import SLURMEnvironment

from deltalab.packed.across import rank

__all__ = ["Preempted", "Preemption", "preemptible"]

_SIGNALS = (signal.SIGTERM, signal.SIGUSR1)


class Preempted(SystemExit):
    """Ends a run that is to be started again: exit code 75, EX_TEMPFAIL of sysexits.h.

    Of several processes the first tells so; the others end well, or whoever started them would end the first.
    """

    def __init__(self) -> None:
        super().__init__(0 if rank() else os.EX_TEMPFAIL)


@final
class _Wish:
    """Whether the process has been asked to end, and whether a step is under way that is to be ended first."""

    def __init__(self) -> None:
        self.asked = self.in_training = False

    def hear(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        if not self.in_training:  # all that is finished lies in files, and whatever is half written goes
            raise Preempted


_WISH = _Wish()


@contextmanager
def preemptible() -> Iterator[None]:
    """Inside, the two signals end the process as above; under SLURM, where Lightning requeues the job, they stay."""
    if threading.current_thread() is not threading.main_thread() or SLURMEnvironment.detect():
        yield
        return
    _WISH.asked = _WISH.in_training = False
    before = {number: signal.signal(number, _WISH.hear) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@final
class Preemption(Callback):
    """Writes a checkpoint to `path` and ends the run where it was asked to while it trains."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if signal.getsignal(signal.SIGUSR1) != _WISH.hear:
            return  # the signals are none of ours
        signal.signal(signal.SIGTERM, _WISH.hear)  # in place of Lightning's handler, which would exit with 0
        _WISH.in_training = True

    def on_train_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: Any,  # noqa: ANN401
        batch: Any,  # noqa: ANN401
        batch_idx: int,
    ) -> None:
        # Where dev is due, it comes first: a run that goes on from before it would leave it out. A gradient that is
        # still accumulated would be lost.
        loop = trainer.fit_loop
        due = loop.epoch_loop._should_check_val_fx(loop._data_fetcher)  # type: ignore[arg-type]
        if not due and not loop._should_accumulate():
            self._end(trainer)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if _WISH.in_training and not trainer.sanity_checking:
            self._end(trainer)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._leave()
        if trainer.strategy.reduce_boolean_decision(_WISH.asked, all=False):
            raise Preempted

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        self._leave()

    def _end(self, trainer: Trainer) -> None:
        if trainer.strategy.reduce_boolean_decision(_WISH.asked, all=False):
            trainer.save_checkpoint(self._path, weights_only=False)  # said, or Lightning would tell what it takes
            self._leave()
            raise Preempted

    def _leave(self) -> None:
        _WISH.in_training = False
