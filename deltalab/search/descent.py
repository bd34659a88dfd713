"""Real steps of an optimiser on one flat parameter, and the virtual one that foretells them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from deltalab.errors import UserError
from deltalab.schedule import Schedule
from deltalab.search.virtual_step import AdamW, Sgd

__all__ = ["descend", "next_step", "rate"]

_UNKNOWN = ("momentum", "weight_decay", "maximize")


def next_step(optimizer: Optimizer, theta: nn.Parameter, clip: float | None) -> AdamW | Sgd:
    """The step that the optimiser takes next on theta; raises `UserError` for one that cannot be foretold."""
    group = optimizer.param_groups[0]
    if isinstance(optimizer, torch.optim.AdamW) and not (group["amsgrad"] or group["maximize"]):
        return AdamW.following(optimizer, theta, clip)
    if isinstance(optimizer, torch.optim.SGD) and not any(group[key] for key in _UNKNOWN):
        return Sgd(float(group["lr"]), clip)
    raise UserError(
        f"optimizer={type(optimizer).__name__}: the upper level looks one step of theta ahead, and knows those of "
        "AdamW and of SGD, both without their variants; use one of them, or hypergradient=one_level"
    )


def descend(optimizer: Optimizer, parameter: nn.Parameter, gradient: Tensor | None, clip: float | None) -> None:
    """Take a step along a gradient clipped to a norm; none without a gradient."""
    if gradient is None:
        return
    parameter.grad = gradient
    if clip is not None:
        nn.utils.clip_grad_norm_([parameter], clip)
    optimizer.step()


def rate(optimizer: Optimizer, schedule: Schedule, step: int, total: int) -> None:
    """Set the learning rates of a step by a schedule, from those the optimiser was made with."""
    for group in optimizer.param_groups:
        group["lr"] = group.setdefault("initial_lr", group["lr"]) * schedule.factor(step, total)
