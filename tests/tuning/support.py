"""Jobs on a small random T5, and a trainer for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from lightning import Trainer
from lightning.pytorch.callbacks import ModelCheckpoint

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import pretrained
from deltalab.delta.full import Full
from deltalab.delta.lora import Lora
from deltalab.delta.method import Method
from deltalab.delta.stack import Stack
from deltalab.packed.job import Job
from deltalab.schedule import Schedule
from deltalab.step import Answerer
from deltalab.task.datamodule import TextDataModule
from deltalab.task.task import Task
from deltalab.tuning.delta_tuning import DeltaTuning

LORA, FULL = Lora(rank=2), Full()
ADAMW = partial(torch.optim.AdamW, weight_decay=0.01)


def load(folder: Path, **options: Any) -> Backbone:
    """The backbone in a folder."""
    return pretrained(str(folder), t5(), **options)


def make_jobs(backbone: Backbone, *wanted: tuple[Method, int, float]) -> list[Job]:
    """One job for each (method, seed, learning rate); equal methods share a delta."""
    deltas = {method: method.bind(backbone, type(method).__name__.lower()) for method, _, _ in wanted}
    return [
        Job(f"{deltas[method].name}-{seed}-{lr:g}", deltas[method], seed, lr, deltas[method].layout.initial(seed))
        for method, seed, lr in wanted
    ]


def make(
    backbone: Backbone,
    task: Task,
    jobs: Sequence[Job],
    optimizer: Any = ADAMW,
    schedule: Schedule | None = None,
    patience: int | None = None,
    checkpointing: bool = False,
    batch_size: int = 8,
) -> tuple[DeltaTuning, TextDataModule]:
    """A module and its data."""
    stack = Stack(backbone, gradient_checkpointing=checkpointing)
    data = TextDataModule(task, backbone.tokenizer, [job.seed for job in jobs], batch_size, 32)
    answerer = Answerer(data.decode, task.labels, data.label_ids, 8)
    schedule = schedule or Schedule("linear", 0.25)
    module = DeltaTuning(stack, jobs, task, answerer, optimizer, schedule, patience)
    module.train()
    return module, data


def trainer(folder: Path | None = None, **settings: Any) -> Trainer:
    """A trainer that says nothing and writes nothing, or the newest checkpoint of every validation to `folder`."""
    callbacks = settings.pop("callbacks", [])
    if folder is not None:
        callbacks = [*callbacks, ModelCheckpoint(folder, "{step}", save_top_k=-1)]
    quiet: dict[str, Any] = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    quiet |= {
        "accelerator": "cpu",
        "max_steps": 6,
        "max_epochs": -1,
        "val_check_interval": 3,
        "num_sanity_val_steps": 0,
    }
    quiet |= {"check_val_every_n_epoch": None, "enable_checkpointing": folder is not None, "callbacks": callbacks}
    return Trainer(**quiet | settings)


def thetas(module: DeltaTuning) -> list[torch.Tensor]:
    """Copies of the thetas as they are."""
    return [theta.detach().clone() for theta in module.points]
