"""Searches on a small random T5."""

from __future__ import annotations

from functools import partial

import torch

from deltalab.delta.bitfit import BitFit
from deltalab.delta.lora import Lora
from deltalab.delta.stack import Stack
from deltalab.schedule import Schedule
from deltalab.search.bilevel import StructureSearch
from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.search.space import SearchSpace
from deltalab.search.strategy import Shift
from deltalab.search.upper import FiniteDifference, OneLevel
from deltalab.step import Answerer
from deltalab.task.datamodule import TextDataModule
from deltalab.task.halves import Halves

ROLES = ("attn.q", "ffn.out")
SPACE = SearchSpace({"lora": Lora(1, roles=ROLES), "bitfit": BitFit(ROLES)})


def make(backbone, task, hypergradient=None, seed=0, attention="eager", **settings):
    """A search of LoRA and BitFit for a third of their numbers, in training mode, and its data."""
    hypergradient = hypergradient or FiniteDifference()
    data = TextDataModule(task, backbone.tokenizer, [seed], 4, 16)
    space = SPACE.bind(backbone)
    given = {
        "optimizer": partial(torch.optim.AdamW, lr=1e-2, weight_decay=0.0),
        "alpha_optimizer": partial(torch.optim.Adam, lr=0.1, betas=(0.5, 0.999)),
        "strategy": Shift(),
        "budget": float(space.costs.sum()) / 3,
        "gate": Gate(),
        "temperature": Temperature(),
        "budget_schedule": BudgetSchedule(),
        "schedule": Schedule("linear", 0.25),
        "alpha_schedule": Schedule("linear"),
    } | settings
    answerer = Answerer(data.decode, task.labels, data.label_ids, 8)
    stack = Stack(backbone, attention)
    module = StructureSearch(stack, space, task, answerer, hypergradient=hypergradient, seed=seed, **given)
    module.train()
    return module, data if isinstance(hypergradient, OneLevel) else Halves(data, seed)


def batches(data, count=1):
    """The first train batches."""
    data.setup("fit")
    loader = iter(data.train_dataloader())
    return [next(loader)[0] if isinstance(data, Halves) else next(loader) for _ in range(count)]
