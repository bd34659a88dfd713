"""Initial values of a delta's tensors; each initialiser is a function of a shape and a random generator."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

__all__ = ["Initial", "constant", "copy", "kaiming", "normal", "uniform", "xavier"]

Initial = Callable[[tuple[int, ...], Generator], Tensor]


def constant(value: float) -> Initial:
    """The same number everywhere."""
    return lambda shape, generator: torch.full(shape, value)


def copy(values: Tensor) -> Initial:
    """Given values, without drawing anything."""
    return lambda shape, generator: values.detach().to("cpu", torch.float32).reshape(shape)


def normal(std: float) -> Initial:
    """N(0, std^2)."""
    return lambda shape, generator: torch.empty(shape).normal_(0.0, std, generator=generator)


def uniform(bound: float) -> Initial:
    """U(-bound, bound)."""
    return lambda shape, generator: torch.empty(shape).uniform_(-bound, bound, generator=generator)


def kaiming(fan_in: int) -> Initial:
    """U(-1/sqrt(fan_in), 1/sqrt(fan_in)), the default of `torch.nn.Linear` and of LoRA's down-projection."""
    return uniform(1.0 / math.sqrt(fan_in))


def xavier(gain: float = 1.0) -> Initial:
    """U(-b, b) with b = gain * sqrt(6 / (fan_in + fan_out)) over the last two dimensions (Glorot and Bengio 2010)."""

    def draw(shape: tuple[int, ...], generator: Generator) -> Tensor:
        return uniform(gain * math.sqrt(6.0 / (shape[-1] + shape[-2])))(shape, generator)

    return draw
