"""What ends a fit that is asked to end: after the step under way, with a checkpoint."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any, final

from lightning import Callback, LightningModule, Trainer

from deltalab.run.preempt import WISH, Preempted

__all__ = ["Preemption"]


@final
class Preemption(Callback):
    """Writes a checkpoint to `path` and ends the run where it was asked to while it trains."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if signal.getsignal(signal.SIGUSR1) != WISH.hear:
            return  # the signals are none of ours
        signal.signal(signal.SIGTERM, WISH.hear)  # in place of Lightning's handler, which would exit with 0
        WISH.in_training = True

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
        if WISH.in_training and not trainer.sanity_checking:
            self._end(trainer)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._leave()
        if trainer.strategy.reduce_boolean_decision(WISH.asked, all=False):
            raise Preempted

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        self._leave()

    def _end(self, trainer: Trainer) -> None:
        if trainer.strategy.reduce_boolean_decision(WISH.asked, all=False):
            trainer.save_checkpoint(self._path, weights_only=False)  # said, or Lightning would tell what it takes
            self._leave()
            raise Preempted

    def _leave(self) -> None:
        WISH.in_training = False
