"""Batches of several tasks at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from lightning import LightningDataModule
from lightning.pytorch.utilities.combined_loader import CombinedLoader

from deltalab.errors import UserError
from deltalab.task.datamodule import TextDataModule

__all__ = ["SeveralTasks"]


@final
class SeveralTasks(LightningDataModule):
    """One `TextDataModule` for each task, advancing together.

    A train batch is a list with one batch of each task, all of one size: an epoch ends with the longest task, and
    shorter ones start anew, in another order; the last batches may be smaller. Evaluation visits the tasks in turn,
    `dataloader_idx` tells which. Rows have candidates only where those of every task do.
    Raises `UserError` for no task, or for unequal batch sizes.
    """

    def __init__(self, tasks: Sequence[TextDataModule]) -> None:
        super().__init__()
        if not tasks:
            raise UserError("task: needs at least one")
        if len({one.batch_size for one in tasks}) > 1:
            raise UserError("batch_size: several tasks need the same number of rows in a batch")
        self.tasks = tuple(tasks)
        if not all(one.among_labels for one in tasks):
            for one in tasks:
                one.take_tokens()

    def setup(self, stage: str | None = None) -> None:
        """Tokenise every task, once."""
        for one in self.tasks:
            one.setup(stage)

    def train_dataloader(self) -> CombinedLoader:
        """A batch of every task at each step."""
        most = max(len(one.task.train) for one in self.tasks)
        return CombinedLoader([one.turns(most) for one in self.tasks], "min_size")

    def val_dataloader(self) -> CombinedLoader:
        """The dev splits, one after the other."""
        return CombinedLoader([one.val_dataloader() for one in self.tasks], "sequential")

    def test_dataloader(self) -> CombinedLoader:
        """The test splits, one after the other."""
        return CombinedLoader([one.test_dataloader() for one in self.tasks], "sequential")
