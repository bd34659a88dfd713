"""Batches of two halves of a task's train rows, in pairs."""

from __future__ import annotations

from typing import final

import torch
from lightning import LightningDataModule
from lightning.pytorch.utilities.combined_loader import CombinedLoader
from torch.utils.data import DataLoader

from deltalab.backbone.batch import Batch
from deltalab.errors import UserError
from deltalab.task.datamodule import TextDataModule

__all__ = ["Halves"]


@final
class Halves(LightningDataModule):
    """The train rows of `data` dealt by `seed` into two halves of equal size.

    A train batch is a list of two, one of each half, and an epoch visits either once. A row that is left over stays
    out, as published (arXiv 2206.07382). The other splits are those of `data`. Raises `UserError` for fewer than two
    train rows.
    """

    def __init__(self, data: TextDataModule, seed: int) -> None:
        super().__init__()
        self.data, self.seed = data, seed
        if len(data.task.train) < 2:
            raise UserError(f"task {data.task.name}: {len(data.task.train)} train rows, and two halves take at least 2")

    def setup(self, stage: str | None = None) -> None:
        """Tokenise the task, once."""
        self.data.setup(stage)

    def train_dataloader(self) -> CombinedLoader:
        """A batch of each half at each step."""
        count = len(self.data.task.train)
        rows = torch.randperm(count, generator=torch.Generator().manual_seed(self.seed))
        first, second = rows[: count // 2], rows[count // 2 : count // 2 * 2]
        return CombinedLoader([self.data.part(first), self.data.part(second)], "min_size")

    def val_dataloader(self) -> DataLoader[Batch]:
        """The dev split."""
        return self.data.val_dataloader()

    def test_dataloader(self) -> DataLoader[Batch]:
        """The test split."""
        return self.data.test_dataloader()
