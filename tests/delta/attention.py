"""The attention of T5 written out, with learned keys and values in front."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from .naive import CROSS, SELF


class Attention(nn.Module):
    """Stands in for a `T5Attention` over one row without padding; a position attends to the prefix and to no later one.

    `keys` and `values` are (heads, positions, head size), `gate` multiplies the weight of the prefix.
    """

    def __init__(self, inner: nn.Module, keys: Tensor | None, values: Tensor | None, gate: Tensor | float) -> None:
        super().__init__()
        self.inner, self.keys, self.values, self.gate = inner, keys, values, gate

    def heads(self, x: Tensor) -> Tensor:
        return x[0].unflatten(-1, (self.inner.n_heads, -1)).transpose(0, 1)  # (heads, length, head size)

    def forward(self, hidden, mask=None, key_value_states=None, position_bias=None, past_key_values=None, **ignored):
        source = hidden if key_value_states is None else key_value_states
        queries, keys, values = (
            self.heads(x) for x in (self.inner.q(hidden), self.inner.k(source), self.inner.v(source))
        )
        if position_bias is None:
            if self.inner.has_relative_attention_bias:
                position_bias = self.inner.compute_bias(hidden.shape[1], source.shape[1])
            else:
                position_bias = torch.zeros(1, len(queries), hidden.shape[1], source.shape[1])
        weights = (queries @ keys.transpose(1, 2) + position_bias[0]).exp()
        if self.inner.is_decoder and key_value_states is None:
            weights = weights.tril()
        if self.keys is not None:
            before = self.gate * (queries @ self.keys.transpose(1, 2)).exp()
            weights, values = torch.cat([before, weights], dim=2), torch.cat([self.values, values], dim=1)
        mixed = (weights / weights.sum(-1, keepdim=True)) @ values  # (heads, length, head size)
        return self.inner.o(mixed.transpose(0, 1).flatten(1)[None]), position_bias, None


def with_prefixes(
    model: PreTrainedModel, prefixes: dict[str, tuple[Tensor, Tensor]], gates: dict[str, Tensor] | None = None
) -> None:
    """Replace every attention of a model by the one above, with the prefix at its path where there is one."""
    for path in SELF + CROSS:
        keys, values = prefixes.get(path, (None, None))
        gate = 1.0 if gates is None else gates.get(path, 1.0)
        model.set_submodule(path, Attention(model.get_submodule(path), keys, values, gate))
