"""Dropout that stacked copies of the same rows share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

from deltalab.errors import UserError

__all__ = ["SharedDropout"]


@final
class SharedDropout(TorchFunctionMode):
    """While it is entered, every dropout draws its mask for one copy of the rows and lays it over all `copies`.

    The masks follow from `seed` alone and start anew at each entry: passes over the same rows under the same seed see
    the same masks, whatever their number of copies, and other generators are left as they are. The first dimension of
    what is dropped holds the copies one after the other. Attention must be "eager": a fused one draws masks of its own
    (`UserError`). Without gradient checkpointing only: layers computed again in the backward pass would draw again.
    """

    def __init__(self, copies: int, seed: int) -> None:
        super().__init__()
        self._copies, self._seed = copies, seed
        self._generator: torch.Generator | None = None

    def __enter__(self) -> SharedDropout:
        self._generator = None
        super().__enter__()
        return self

    @property
    def drew(self) -> bool:
        """Whether anything was dropped since it was entered."""
        return self._generator is not None

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Puts `shared` in the place of `torch.nn.functional.dropout`."""
        kwargs = kwargs or {}
        if func is F.dropout:
            return self._dropout(*args, **kwargs)
        if func is F.scaled_dot_product_attention and kwargs.get("dropout_p", 0.0) > 0:
            raise UserError("stack.attention=sdpa: draws dropout masks of its own; use eager, or backbone.dropout=0")
        return func(*args, **kwargs)

    def _dropout(self, input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        if not training or p == 0:
            return input
        if input.shape[0] % self._copies:
            raise ValueError(f"{input.shape[0]} rows are not {self._copies} copies of the same")
        if self._generator is None:
            self._generator = torch.Generator(input.device).manual_seed(self._seed)
        one = input.new_empty(input.shape[0] // self._copies, *input.shape[1:])
        mask = one.bernoulli_(1 - p, generator=self._generator).div_(1 - p)
        return (input.unflatten(0, (self._copies, -1)) * mask).flatten(0, 1)
