"""Activations between the layers of a projector."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

from deltalab.errors import member

__all__ = ["ACTIVATIONS", "STRAIGHT", "activation"]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": F.tanh,
    "gelu": F.gelu,
    "leaky_relu": F.leaky_relu,
}

STRAIGHT = {"tanh": 0.0, "gelu": 3.0, "leaky_relu": 1.0}
"""Where each is nearly a straight line."""


def activation(name: str) -> Callable[[Tensor], Tensor]:
    """The activation of that name; `UserError` for any other."""
    return member("activation", name, ACTIVATIONS, "subspace.activation")
