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
from deltalab.optimizer.adafactor import FlatAdafactor
from deltalab.schedule import Schedule
from deltalab.step import Answerer, losses
from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.learned import Learned
from deltalab.subspace.mixing import mixing
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Subspace
from deltalab.task.builtin import make
from deltalab.task.task import Task

__all__ = ["answerer", "approximation", "descend", "methods", "one_by_one", "optimizer", "subspace", "task"]


def methods(size: str) -> dict[str, Method]:
    """Three methods of one D = 120 * layers * width, as published in arXiv 2210.13311 at the base size."""
    layers = SIZES[size][-1]
    return {
        "adapter": Adapter(size=12, bias=False),
        "lora": Lora(rank=10),
        "prefix": Prefix(length=12 * layers - 24, size=24),
    }


def subspace(
    stack: Stack, size: str, dim: int, settings: Settings, steps: int = 1
) -> tuple[Subspace, dict[str, Tensor]]:
    """Their projectors with d = `dim`, as `subspace=learned` makes them from random steps (S, D), and these steps."""
    chance = torch.Generator().manual_seed(1)
    deltas = {name: method.bind(stack.backbone, name) for name, method in methods(size).items()}
    v = {name: 0.01 * torch.randn(steps, delta.size, generator=chance) for name, delta in deltas.items()}
    space = Learned(dim).make(deltas, {name: delta.layout.initial(0) for name, delta in deltas.items()}, v, 0)
    return space.to(settings.place), {name: step.to(settings.place) for name, step in v.items()}


def approximation(size: str, dim: int, tasks: int, settings: Settings) -> SubspaceApproximation:
    """A module whose tasks are solved by random steps, one for each method; it needs no trainer."""
    stack = Stack(backbone(size, settings))
    space, v = subspace(stack, size, dim, settings, tasks)
    solved = [Solved(task(), answerer(), {name: v[name][t : t + 1] for name in v}) for t in range(tasks)]
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
