"""A search on the share of the rows that one of several processes holds."""

from __future__ import annotations

import os
from functools import partial
from types import SimpleNamespace

import torch
from lightning import LightningDataModule
from lightning.pytorch.strategies import DDPStrategy
from lightning.pytorch.utilities.combined_loader import CombinedLoader
from torch.utils.data import DataLoader

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta.stack import Stack
from deltalab.schedule import Schedule
from deltalab.search.bilevel import StructureSearch
from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.search.strategy import Shift
from deltalab.search.upper import Exact, FiniteDifference, OneLevel
from deltalab.step import Answerer
from deltalab.task.metric.score import Score

from ..conftest import build, random_batch
from ..tuning.support import trainer
from .searching import SPACE

KINDS = {"finite_difference": FiniteDifference(radius=0.1), "exact": Exact(), "one_level": OneLevel()}
STEPS = 2


class Rows(LightningDataModule):
    """Whole train batches, and a share of the rows of dev: `world` of them make up the whole."""

    def __init__(self, rank, world, pairs):
        super().__init__()
        self.share, self.pairs = slice(6 // world * rank, 6 // world * (rank + 1)), pairs

    def train_dataloader(self):
        loaders = [self._loader([random_batch(6, seed=10 * half + i) for i in range(STEPS)]) for half in (1, 2)]
        return CombinedLoader(loaders, "min_size") if self.pairs else loaders[0]

    def val_dataloader(self):
        return self._loader([random_batch(6, seed=0).slice(self.share.start, self.share.stop)])

    def _loader(self, batches):
        return DataLoader(batches, batch_size=None)


def score(split, answers):
    """A number that tells every row and answer."""
    return Score(sum((row + 1) * (answer == "yes") + 100 for row, answer in answers.items()), {})


def search(kind):
    """A search of a random T5 by plain gradients."""
    space = SPACE.bind(backbone := Backbone(build(), None, t5(), "random"))
    sgd = partial(torch.optim.SGD, lr=0.5)
    module = StructureSearch(
        Stack(backbone, "eager"),
        space,
        SimpleNamespace(score=score),
        Answerer(str, ("no", "yes"), torch.tensor([[5, 1], [9, 1]])),
        sgd,
        partial(torch.optim.SGD, lr=0.5),
        Shift(),
        KINDS[kind],
        0.3 * float(space.costs.sum()),
        Gate(),
        Temperature(),
        BudgetSchedule(),
        Schedule(),
        Schedule(),
    )
    module.train()
    return module


def found(kind, rank=0, world=1):
    """theta, alpha and the trajectory after some steps."""
    module, data = search(kind), Rows(rank, world, kind != "one_level")
    settings = {} if world == 1 else {"devices": world, "strategy": DDPStrategy(process_group_backend="gloo")}
    quiet = trainer(max_steps=STEPS, val_check_interval=STEPS, use_distributed_sampler=False, **settings)
    quiet.fit(module, datamodule=data)
    return {"theta": module.theta.detach(), "alpha": module.alpha.detach(), "trajectory": module.trajectory.state()}


def of_rank(rank, world, port, folder):
    """What one of several processes finds, written to a file."""
    torch.set_num_threads(1)
    os.environ |= {"LOCAL_RANK": str(rank), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    torch.save({kind: found(kind, rank, world) for kind in KINDS}, folder / f"{rank}.pt")
