"""Dropout that stacked copies of the same rows share."""

from __future__ import annotations

from typing import final

import torch
import torch.nn.functional as F
from torch import Tensor

from deltalab.delta.hooks import around_again

__all__ = ["SharedDropout"]

_DROPOUT, _ATTENTION = F.dropout, F.scaled_dot_product_attention


@final
class SharedDropout:
    """While it is entered, every dropout draws its mask for one copy of the rows and lays it over all `copies`.

    The masks follow from `seed` alone and start anew at each entry: passes over the same rows under the same seed see
    the same masks, whatever their number of copies, and other generators are left as they are. The first dimension of
    what is dropped holds the copies one after the other. Fused attention would draw masks of its own: where it drops,
    it is computed step by step instead. A layer that is computed again in the backward pass draws what it drew.
    """

    def __init__(self, copies: int, seed: int, state: Tensor | None = None) -> None:
        self._copies, self._seed, self._state = copies, seed, state
        self._generator: torch.Generator | None = None

    def __enter__(self) -> SharedDropout:
        # In the place of the functions themselves: a `TorchFunctionMode` is asked about every operation of a pass.
        self._generator = None
        self._before = F.dropout, F.scaled_dot_product_attention
        F.dropout, F.scaled_dot_product_attention = self._dropout, self._attention  # type: ignore[assignment]
        around_again.append(self._from_here)
        return self

    def __exit__(self, *raised: object) -> None:
        F.dropout, F.scaled_dot_product_attention = self._before
        around_again.pop()

    def _from_here(self) -> SharedDropout:
        """The same masks as from now on, to be entered later."""
        state = self._state if self._generator is None else self._generator.get_state()
        return SharedDropout(self._copies, self._seed, state)

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
            if self._state is not None:
                self._generator.set_state(self._state)
        shape = (input.shape[0] // self._copies, *input.shape[1:])
        mask = _mask(input.new_empty(shape), p, self._generator)
        if self._copies == 1:
            return input * mask
        return (input.unflatten(0, (self._copies, -1)) * mask).flatten(0, 1)

    def _attention(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attn_mask: Tensor | None = None,
        dropout_p: float = 0.0,
        is_causal: bool = False,
        scale: float | None = None,
        enable_gqa: bool = False,
    ) -> Tensor:
        """As torch's function of that name."""
        if dropout_p == 0:
            return _ATTENTION(query, key, value, attn_mask, 0.0, is_causal, scale=scale, enable_gqa=enable_gqa)
        if enable_gqa:
            shared = query.shape[-3] // key.shape[-3]
            key, value = key.repeat_interleave(shared, -3), value.repeat_interleave(shared, -3)
        scores = query @ key.mT * (query.shape[-1] ** -0.5 if scale is None else scale)
        if is_causal:
            attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        if attn_mask is not None and attn_mask.dtype == torch.bool:
            scores = scores.masked_fill(~attn_mask, torch.finfo(scores.dtype).min)
        elif attn_mask is not None:
            scores = scores + attn_mask
        return self._dropout(scores.softmax(-1), dropout_p) @ value


def _mask(out: Tensor, p: float, generator: torch.Generator) -> Tensor:
    """Zeros with probability p to a 65536th, and 1 / (1 - p) elsewhere: four numbers from one draw of 64 bits."""
    count = out.numel()
    drawn = torch.empty(-(-count // 4), dtype=torch.int64, device=generator.device)
    bits = drawn.random_(-(2**63), None, generator=generator).view(torch.int16)[:count].view(out.shape)
    least = min(round(p * 2**16), 2**16 - 1) - 2**15
    return torch.ge(bits, least, out=out).mul_(1 / (1 - p))
