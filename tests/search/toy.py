"""A linear model in the place of a backbone: only some of its units see what the answers depend on."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import torch
from lightning import LightningDataModule, Trainer
from lightning.pytorch.utilities.combined_loader import CombinedLoader
from torch import nn
from torch.utils.data import DataLoader

from deltalab.backbone.batch import Batch
from deltalab.delta.candidates import Candidate, Candidates, UnitName
from deltalab.delta.initial import constant
from deltalab.delta.layout import Spec
from deltalab.delta.method import Delta, Unit
from deltalab.schedule import Schedule
from deltalab.search.bilevel import StructureSearch
from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.task.metric.score import Score

UNITS, WIDTH, PLANTED, ROWS = 12, 3, 3, 64


class Stack:
    """Logits (rows, 1, 2): 0 and the sum over the units of z_i (x_i theta_i)."""

    def __init__(self):
        self.backbone = SimpleNamespace(model=nn.Identity())

    def logits(self, batch, segments):
        (segment,) = segments
        weights = segment.theta * segment.gates.to(segment.theta).repeat_interleave(WIDTH, dim=1)
        x = batch.input_ids.view(len(weights), -1, UNITS * WIDTH)
        scores = torch.einsum("gnf,gf->gn", x, weights).reshape(-1, 1)
        return torch.stack([torch.zeros_like(scores), scores], dim=-1)


class Answerer:
    """The likelier of the two answers."""

    @torch.no_grad()
    def by_row(self, stack, batch, segments):
        logits = stack.logits(batch.repeat(2), segments)[:, 0]
        rows = batch.rows.tolist()
        return [dict(zip(rows, map(str, part.argmax(1).tolist()), strict=True)) for part in logits.split(len(rows))]


class Problem(LightningDataModule):
    """Three samples of rows, few beside the weights of the model, whose answers depend on the `planted` units alone."""

    def __init__(self, seed, one_level=False):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.planted = sorted(torch.randperm(UNITS, generator=generator)[:PLANTED].tolist())
        truth = torch.zeros(UNITS, WIDTH)
        truth[self.planted] = torch.randn(PLANTED, WIDTH, generator=generator).sign()
        self.costs = torch.randint(5, 10, (UNITS,), generator=generator)
        self.batches = []
        for rows in (ROWS, ROWS, 4 * ROWS):
            x = torch.randn(rows, UNITS * WIDTH, generator=generator)
            y = (x @ truth.flatten() + 0.3 * torch.randn(rows, generator=generator) > 0).long()
            self.batches.append(Batch(x, torch.ones(rows, 1), y[:, None], torch.arange(rows)))
        self.one_level = one_level

    @property
    def budget(self):
        """Just enough for the planted units."""
        return float(self.costs[self.planted].sum())

    def score(self, split, answers):
        """Accuracy on the last sample."""
        right = [str(self.batches[2].labels[row].item()) == answer for row, answer in answers.items()]
        return Score(sum(right) / len(right), {})

    def train_dataloader(self):
        loaders = [_loader(batch) for batch in self.batches[:2]]
        return _loader(Batch.joined(self.batches[:2], 0)) if self.one_level else CombinedLoader(loaders, "min_size")

    def val_dataloader(self):
        return _loader(self.batches[2])


def _loader(batch):
    return DataLoader([batch], batch_size=None)


def candidates(costs):
    """Units of equal shape and given costs."""
    units = [Unit("toy", None, (Spec(f"u{i}", (WIDTH,), constant(0.0)),), None) for i in range(len(costs))]
    members = [Candidate(UnitName("toy", "attn.q", "encoder", i), "toy", int(cost)) for i, cost in enumerate(costs)]
    return Candidates({}, Delta("toy", None, units), tuple(members))


def search(problem, strategy, hypergradient, seed=0, gate=None, **settings):
    """A search on a problem, not yet fitted."""
    given = {
        "optimizer": partial(torch.optim.AdamW, lr=0.2, weight_decay=0.0),
        "alpha_optimizer": partial(torch.optim.Adam, lr=0.3),
        "budget": problem.budget,
        "gate": gate or Gate(),
        "temperature": Temperature(0.7),
        "budget_schedule": BudgetSchedule(),
        "schedule": Schedule(),
        "alpha_schedule": Schedule(),
        "clip": None,
        "seed": seed,
    }
    space = candidates(problem.costs)
    return StructureSearch(
        Stack(), space, problem, Answerer(), strategy=strategy, hypergradient=hypergradient, **given | settings
    )


def fit(module, problem, steps=15, **settings):
    """Train, and evaluate at the end."""
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    quiet |= {"enable_checkpointing": False, "num_sanity_val_steps": 0, "accelerator": "cpu", "max_epochs": -1}
    quiet |= {"check_val_every_n_epoch": None, "val_check_interval": steps, "max_steps": steps}
    Trainer(**quiet | settings).fit(module, datamodule=problem)
    return module
