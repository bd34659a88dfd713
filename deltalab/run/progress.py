"""How far a fit has come: a bar from first step to last, or, where nobody sits at a terminal, a line a while."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any, TextIO, final

from lightning import LightningModule, Trainer
from lightning.pytorch.callbacks import ProgressBar
from lightning.pytorch.callbacks.progress.tqdm_progress import Tqdm

from deltalab.packed.packed import Packed
from deltalab.search.bilevel import StructureSearch
from deltalab.subspace.approximate import SubspaceApproximation

__all__ = ["Progress"]

log = logging.getLogger(__name__)


@final
class Progress(ProgressBar):
    """Tells what is fitted, its step, how many there are, and the time left at the pace so far.

    A bar where stdout is a terminal, drawn every `refresh_rate` steps; else a line of the log after each validation.
    """

    _out: TextIO | None = None  # stdout, whatever it is by then

    def __init__(self, refresh_rate: int = 25) -> None:
        super().__init__()
        self._every, self._shown = refresh_rate, True
        self._bar: Tqdm | None = None
        self._begun, self._first = 0.0, 0

    def disable(self) -> None:
        """Say nothing: in all processes but the first."""
        self._shown = False

    def enable(self) -> None:
        """Say something again."""
        self._shown = True

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._begun, self._first = time.monotonic(), trainer.global_step
        out = self._out or sys.stdout
        if self._shown and out.isatty():
            total = trainer.estimated_stepping_batches
            self._bar = Tqdm(
                desc=_what(pl_module),
                total=int(total) if total < float("inf") else None,
                initial=self._first,
                unit="step",
                dynamic_ncols=True,
                file=out,
            )

    def on_train_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: Any,  # noqa: ANN401
        batch: Any,  # noqa: ANN401
        batch_idx: int,
    ) -> None:
        if self._bar is not None and (trainer.global_step - self._bar.n >= self._every or trainer.should_stop):
            self._draw(trainer, pl_module)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self._bar is not None:
            self._draw(trainer, pl_module)
        elif self._shown and trainer.state.fn == "fit" and not trainer.sanity_checking:
            log.info("%s: step %d%s", _what(pl_module), trainer.global_step, self._left(trainer))

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self._bar is not None:
            self._draw(trainer, pl_module)
        self._close()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        self._close()

    def _draw(self, trainer: Trainer, module: LightningModule) -> None:
        assert self._bar is not None
        told = {key: value for key, value in self.get_metrics(trainer, module).items() if key != "v_num"}
        self._bar.n = trainer.global_step
        self._bar.set_description(_what(module), refresh=False)
        self._bar.set_postfix(told, refresh=False)
        self._bar.refresh()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _left(self, trainer: Trainer) -> str:
        """Of how many steps, and the time left, where the number of steps is known."""
        total, made = trainer.estimated_stepping_batches, trainer.global_step - self._first
        if total == float("inf"):
            return ""
        seconds = (time.monotonic() - self._begun) / max(made, 1) * (total - trainer.global_step)
        return f" of {total:.0f}, {Tqdm.format_interval(seconds)} left"


def _what(module: LightningModule) -> str:
    """What a module fits, in a few words."""
    if isinstance(module, Packed):
        named = module.jobs[0].name
        if len(module.jobs) > 1:
            named = f"{len(module.jobs)} jobs, {len(module.running)} still run,"
        return f"{named} on {module.task.name}"
    if isinstance(module, SubspaceApproximation):
        return f"subspace d{module.subspace.dim} of {', '.join(one.task.name for one in module.solved)}"
    return f"search on {module.task.name}" if isinstance(module, StructureSearch) else type(module).__name__
