"""Dropout that stacked copies of the same rows share."""

from __future__ import annotations

from typing import Any, final

import torch
import torch.nn.functional as F
from torch import Tensor

from deltalab.errors import UserError

__all__ = ["SharedDropout"]

_DROPOUT, _ATTENTION = F.dropout, F.scaled_dot_product_attention


@final
class SharedDropout:
    """While it is entered, every dropout draws its mask for one copy of the rows and lays it over all `copies`.

    The masks follow from `seed` alone and start anew at each entry: passes over the same rows under the same seed see
    the same masks, whatever their number of copies, and other generators are left as they are. The first dimension of
    what is dropped holds the copies one after the other. Attention must be "eager": a fused one draws masks of its own
    (`UserError`). Without gradient checkpointing only: layers computed again in the backward pass would draw again.
    """

    def __init__(self, copies: int, seed: int) -> None:
        self._copies, self._seed = copies, seed
        self._generator: torch.Generator | None = None

    def __enter__(self) -> SharedDropout:
        # In the place of the functions themselves: a `TorchFunctionMode` is asked about every operation of a pass.
        self._generator = None
        F.dropout, F.scaled_dot_product_attention = self._dropout, _refusing  # type: ignore[assignment]
        return self

    def __exit__(self, *raised: object) -> None:
        F.dropout, F.scaled_dot_product_attention = _DROPOUT, _ATTENTION

    @property
    def drew(self) -> bool:
        """Whether anything was dropped since it was entered."""
        return self._generator is not None

    def _dropout(self, input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        if not training or p == 0:
            return input
        if input.shape[0] % self._copies:
            raise ValueError(f"{input.shape[0]} rows are not {self._copies} copies of the same")
        if self._generator is None:
            self._generator = torch.Generator(input.device).manual_seed(self._seed)
        shape = (input.shape[0] // self._copies, *input.shape[1:])
        mask = _mask(input.new_empty(shape), p, self._generator)
        if self._copies == 1:
            return input * mask
        return (input.unflatten(0, (self._copies, -1)) * mask).flatten(0, 1)


def _mask(out: Tensor, p: float, generator: torch.Generator) -> Tensor:
    """Zeros with probability p to a 65536th, and 1 / (1 - p) elsewhere: four numbers from one draw of 64 bits."""
    count = out.numel()
    drawn = torch.empty(-(-count // 4), dtype=torch.int64, device=generator.device)
    bits = drawn.random_(-(2**63), None, generator=generator).view(torch.int16)[:count].view(out.shape)
    least = min(round(p * 2**16), 2**16 - 1) - 2**15
    return torch.ge(bits, least, out=out).mul_(1 / (1 - p))


def _refusing(*args: Any, **kwargs: Any) -> Tensor:  # noqa: ANN401
    if kwargs.get("dropout_p", 0.0) > 0:
        raise UserError("stack.attention=sdpa: draws dropout masks of its own; use eager, or backbone.dropout=0")
    return _ATTENTION(*args, **kwargs)
