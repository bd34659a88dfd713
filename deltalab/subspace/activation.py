"""Activations between the layers of a projector."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

from deltalab.errors import member

__all__ = ["ACTIVATIONS", "activation"]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": F.tanh,
    "gelu": F.gelu,
    "leaky_relu": F.leaky_relu,
}


def activation(name: str) -> Callable[[Tensor], Tensor]:
    """The activation of that name; `UserError` for any other."""
    return member("activation", name, ACTIVATIONS, "subspace.activation")
