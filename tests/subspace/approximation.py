"""A small approximation on two tasks, solved at random or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta, Method
from deltalab.delta.prefix import Prefix
from deltalab.delta.stack import Stack
from deltalab.schedule import Schedule
from deltalab.step import Answerer
from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.down import Dense, Down, Span, span
from deltalab.subspace.form import make_up
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Up
from deltalab.task.builtin import make as make_task
from deltalab.task.datamodule import TextDataModule
from deltalab.task.several import SeveralTasks
from deltalab.task.task import Task

DIM = 3
LINEAR: Mapping[str, object] = {"kind": "linear"}
METHODS: Mapping[str, Method] = {"lora": Lora(rank=2), "adapter": Adapter(), "prefix": Prefix(length=2)}


def approximation(
    backbone: Backbone,
    task: Task,
    solutions: int = 1,
    batch_size: int = 6,
    methods: Mapping[str, Method] = METHODS,
    joint: bool = False,
    up: Mapping[str, object] = LINEAR,
    span_down: bool = False,
    **options: Any,
) -> tuple[SubspaceApproximation, SeveralTasks]:
    """The module and its data, ready for a step.

    Joint, there are no solutions and no ways down; with `span_down` they go down by their span.
    """
    generator = torch.Generator().manual_seed(0)
    tasks = [task, make_task("topic", {"train": 40, "dev": 20, "test": 20})]
    data = SeveralTasks([TextDataModule(one, backbone.tokenizer, [0], batch_size, 32) for one in tasks])
    deltas = {name: method.bind(backbone, name) for name, method in methods.items()}
    sizes = {name: delta.size for name, delta in ({} if joint else deltas).items()}
    solved = [
        Solved(
            one,
            Answerer(each.decode, one.labels, each.label_ids, 8),
            {name: 0.1 * torch.randn(solutions, size, generator=generator) for name, size in sizes.items()},
        )
        for one, each in zip(tasks, data.tasks, strict=True)
    ]
    projectors = {
        name: Projector(
            delta,
            _up(delta, up, generator),
            None if joint else _down(delta, [one.steps[name] for one in solved], span_down, generator),
        )
        for name, delta in deltas.items()
    }
    optimizer = partial(torch.optim.AdamW, lr=1e-2)
    module = SubspaceApproximation(
        Stack(backbone), Subspace(DIM, projectors), solved, optimizer, Schedule("constant", 0.0), **options
    )
    data.setup("fit")
    return module, data


def silent(module: SubspaceApproximation) -> SubspaceApproximation:
    """The module without its logs, which need a trainer."""
    module.log = module.log_dict = lambda *args, **kwargs: None
    return module


def first(data: SeveralTasks) -> list[Batch]:
    """The first batch of every task."""
    return [next(iter(one.train_dataloader())) for one in data.tasks]


def _up(delta: Delta, form: Mapping[str, object], generator: torch.Generator) -> Up:
    form = {"kind": "fastfood_learned"} if delta.replaces_weights else form
    return make_up(form, delta.layout.initial(0), DIM, 0.3, generator)


def _down(delta: Delta, steps: Sequence[Tensor], spanned: bool, generator: torch.Generator) -> Down:
    if spanned:
        return Span(span(torch.cat(list(steps))), DIM, "tanh", 0.3, generator)
    return Dense(delta.size, DIM, "tanh", 0.3, generator)
