"""What a run writes with its checkpoints to go on with the same numbers and curves, and what it does with it later."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, final

import numpy as np
import torch
from lightning import Callback, LightningModule, Trainer
from lightning.pytorch.utilities.combined_loader import CombinedLoader

from deltalab.report.csv_logger import CSVLogger
from deltalab.report.per_job import PerJob
from deltalab.search.bilevel import StructureSearch
from deltalab.task.datamodule import ResumableLoader

__all__ = ["STAMP", "Survival"]

STAMP, _CHANCE, _LENGTHS = "deltalab", "chance", "lengths"


@final
class Survival(Callback):
    """Stamps every checkpoint with what determines the run, and keeps the state of all random numbers in it.

    `lengths` are the settings of its length, those of all runs before that it goes on from, and its own.

    Tables of curves are saved before a checkpoint is, and where a run goes on they lose what came after it.
    """

    def __init__(self, stamp: Mapping[str, Any], length: Mapping[str, Any]) -> None:
        self._stamp, self.lengths = stamp, [dict(length)]
        self._chance: Mapping[str, Any] | None = None

    def on_save_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        for logger in trainer.loggers:
            logger.save()
        checkpoint[STAMP], checkpoint[_LENGTHS] = self._stamp, self.lengths
        checkpoint[_CHANCE] = _chance() | {"whole_epoch": trainer.fit_loop.epoch_loop.batch_progress.is_last_batch}

    def on_load_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        self._chance = checkpoint.get(_CHANCE)
        self.lengths += [one for one in checkpoint.get(_LENGTHS, []) if one not in self.lengths]

    # An epoch begins with numbers that the loaders draw: they draw them again, but in the middle of an epoch in vain.

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        for logger in trainer.loggers:
            if isinstance(logger, CSVLogger | PerJob):
                logger.keep(trainer.global_step, isinstance(pl_module, StructureSearch))
        if self._chance is not None and self._chance["whole_epoch"]:
            self._restore()
            for loader in CombinedLoader(trainer.train_dataloader).flattened:
                if isinstance(loader, ResumableLoader):
                    loader.rewind()

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int) -> None:  # noqa: ANN401
        if self._chance is not None:
            self._restore()

    def _restore(self) -> None:
        assert self._chance is not None
        _go_on(self._chance)
        self._chance = None


def _chance() -> dict[str, Any]:
    """The states of all generators that nobody owns, as plain values and tensors."""
    kind, keys, *rest = np.random.get_state()
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else [],
        "python": random.getstate(),
        "numpy": [kind, list(map(int, keys)), *rest],
    }


def _go_on(state: Mapping[str, Any]) -> None:
    torch.set_rng_state(state["torch"])
    for device, one in enumerate(state["cuda"][: torch.cuda.device_count()]):
        torch.cuda.set_rng_state(one, device)
    version, keys, gauss = state["python"]
    random.setstate((version, tuple(keys), gauss))
    kind, numbers, *rest = state["numpy"]
    np.random.set_state((kind, np.array(numbers, dtype=np.uint32), *rest))
