"""Which modules are linear maps, and their widths."""

from __future__ import annotations

from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

__all__ = ["linear_weight", "linear_widths"]


def linear_widths(module: nn.Module) -> tuple[int, int] | None:
    """(in, out) of a linear map, also of GPT-2's, whose weight is transposed; None for any other module."""
    if isinstance(module, nn.Linear):
        return module.in_features, module.out_features
    return (int(module.nx), int(module.nf)) if isinstance(module, Conv1D) else None


def linear_weight(module: nn.Module) -> Tensor:
    """The weight of a linear map as (out, in), a view to be changed in place."""
    weight = module.weight
    assert isinstance(weight, Tensor)
    return weight if isinstance(module, nn.Linear) else weight.T
