"""Codes and thetas are worked out in the numbers they are kept in, also where a model computes in coarser ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import torch
from torch import Tensor

__all__ = ["precise"]

T = TypeVar("T")


def precise(method: Callable[[T, Tensor], Tensor]) -> Callable[[T, Tensor], Tensor]:
    """A method of one tensor that autocast leaves alone: what is trained is what is tested, and kept."""

    @wraps(method)
    def alone(self: T, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            return method(self, x)

    return alone
