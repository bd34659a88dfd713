"""Subspaces of the published shape on random backbones, and the approximation step done one pass at a time."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer

from benchmarks.models import SIZES, backbone
from benchmarks.settings import Settings
from deltalab.backbone.batch import Batch
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.method import Method
from deltalab.delta.prefix import Prefix
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.optimizer import FlatAdafactor
from deltalab.schedule import Schedule
from deltalab.step import Answerer, losses
from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.down import Dense
from deltalab.subspace.mixing import mixing
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Linear
from deltalab.task.builtin import make
from deltalab.task.task import Task

__all__ = ["answerer", "approximation", "descend", "methods", "one_by_one", "optimizer", "subspace", "task"]

STD = 0.02


def methods(size: str) -> dict[str, Method]:
    """Three methods of one D = 120 * layers * width, as published in arXiv 2210.13311 at the base size."""
    layers = SIZES[size][-1]
    return {
        "adapter": Adapter(size=12, bias=False),
        "lora": Lora(rank=10),
        "prefix": Prefix(length=12 * layers - 24, size=24),
    }


def subspace(stack: Stack, size: str, dim: int, settings: Settings) -> Subspace:
    """Their projectors with d = `dim`, as published: dense ways down, linear ways up."""
    chance = torch.Generator().manual_seed(0)
    deltas = {name: method.bind(stack.backbone, name) for name, method in methods(size).items()}
    projectors = {
        name: Projector(
            delta,
            Linear(delta.layout.initial(0), dim, STD, chance),
            Dense(delta.size, dim, "tanh", STD, chance),
        )
        for name, delta in deltas.items()
    }
    return Subspace(dim, projectors).to(settings.place)


def approximation(size: str, dim: int, tasks: int, settings: Settings) -> SubspaceApproximation:
    """A module whose tasks are solved by random steps, one for each method; it needs no trainer."""
    stack = Stack(backbone(size, settings))
    space, chance = subspace(stack, size, dim, settings), torch.Generator().manual_seed(1)
    solved = [
        Solved(
            task(),
            answerer(),
            {
                name: (0.01 * torch.randn(1, space[name].delta.size, generator=chance)).to(settings.place)
                for name in space.methods
            },
        )
        for _ in range(tasks)
    ]
    module = SubspaceApproximation(stack, space, solved, FlatAdafactor, Schedule()).to(settings.place)
    module.log = module.log_dict = lambda *args, **kwargs: None  # type: ignore[assignment, method-assign]
    return module


def task() -> Task:
    """Any task: these measurements read none of its rows."""
    return make("movie_sentiment", {"train": 8, "dev": 8, "test": 8})


def answerer() -> Answerer:
    """One that decodes nothing."""
    return Answerer(lambda ids: [""] * len(ids))


def optimizer(parameters: Sequence[Tensor], lr: float) -> FlatAdafactor:
    """Adafactor on whole tensors, as published."""
    return FlatAdafactor([{"params": [one], "lr": lr, "shapes": [tuple(one.shape)]} for one in parameters])


def descend(loss: Tensor | None, optimizer: Optimizer) -> None:
    """Backward pass and step; the gradients are dropped."""
    assert loss is not None, "fewer rows than methods"
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()


def one_by_one(module: SubspaceApproximation, batches: Sequence[Batch]) -> Tensor:
    """The loss of the module's step by a loop over tasks and methods: a way down, a way up and a pass for each."""
    space, total = module.subspace, torch.zeros((), device=module.device)
    for one, rows in zip(module.solved, batches, strict=True):
        codes = {name: space[name].code(v[0]) for name, v in one.steps.items()}
        weights = mixing(module.mixture, 1, len(codes), module.chance)[0].tolist()
        mixed = torch.stack([w * z for w, z in zip(weights, codes.values(), strict=True)]).sum(0)
        for name, code in codes.items():
            lost = (one.steps[name][0] - space[name].up.step(code)).norm()
            fitted = losses(module.stack, rows, [Segment(space[name].delta, space.decode(name, mixed))])[0]
            total = total + (module.weight * lost + fitted) / len(batches)
    return total
