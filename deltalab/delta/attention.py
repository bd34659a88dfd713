"""Prefixes enter through the attention interface of `transformers`, so one file serves every family.

Our implementation calls a plain one ("sdpa", or "eager" for double backward) after putting a pass's keys and values
in front. They never enter the key-value cache: the mask and the position bias of the backbone stay as they are, padded
with zeros for the prefix positions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import repeat_kv, sdpa_attention_forward
from transformers.masking_utils import eager_mask

from deltalab.delta.act import AttentionAct
from deltalab.delta.hooks import current
from deltalab.delta.segment import Applied, Block, Entry, cut

__all__ = ["ATTENTIONS", "eager"]

Bias = Tensor | None
Plain = Callable[..., tuple[Tensor, None]]


def eager(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Bias,
    dropout: float = 0.0,
    scaling: float | None = None,
    position_bias: Bias = None,
    **ignored: object,
) -> tuple[Tensor, None]:
    """softmax(Q K^T * scaling + bias + mask) V, differentiable twice on every device."""
    groups = getattr(module, "num_key_value_groups", 1)
    key, value = repeat_kv(key, groups), repeat_kv(value, groups)
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    scores = (query if scale == 1 else query * scale) @ key.transpose(2, 3)  # the query is smaller than its scores
    for bias in (position_bias, mask):
        scores = scores if bias is None else scores + bias
    weights = F.dropout(scores.softmax(-1), dropout, training=module.training)
    return (weights @ value).transpose(1, 2), None


_PLAIN: dict[str, Plain] = {"sdpa": sdpa_attention_forward, "eager": eager}


def _prefixed(applied: list[Applied], block: Block, rows: int) -> tuple[Tensor, Tensor, Bias]:
    """Keys and values (rows, heads, positions, head size) and the log-gates (rows, 1, 1, positions)."""
    keys, values, weights = [], [], []
    for a in applied:
        assert isinstance(a.act, AttentionAct)
        key, value = a.act(a.tensors)
        keys.append(key)
        values.append(value)
        gate = key.new_ones(block.count) if a.gate is None else a.gate
        weights.append(gate[:, None].expand(-1, key.shape[2]))
    each = rows // block.count
    key, value = (torch.cat(t, dim=2).repeat_interleave(each, dim=0) for t in (keys, values))
    if all(a.gate is None for a in applied):
        return key, value, None
    gate = torch.cat(weights, dim=1).repeat_interleave(each, dim=0)[:, None, None]
    closed = torch.finfo(gate.dtype).min
    # log 0 would give a NaN gradient: closed gates take the mask value instead.
    return key, value, torch.where(gate > 0, torch.where(gate > 0, gate, 1.0).log(), closed)


def _front(bias: Bias, length: int, gate: Bias, like: Tensor) -> Bias:
    """An additive mask or bias with `length` columns in front: zeros, or the log-gates."""
    if bias is None and gate is None:
        return None
    if bias is None:
        bias = like
    padded = F.pad(bias, (length, 0))
    return padded if gate is None else padded + F.pad(gate, (0, bias.shape[-1]))


def _attend(
    plain: Plain,
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Bias,
    position_bias: Bias = None,
    **options: Any,  # noqa: ANN401
) -> tuple[Tensor, None]:
    """`plain` over all rows at once, or block by block where some rows have prefixes at this module."""

    def run(entry: Entry | None, q: Tensor, k: Tensor, v: Tensor, mask: Bias, bias: Bias) -> Tensor:
        if entry is not None:
            block, applied = entry
            before, payload, gate = _prefixed(applied, block, q.shape[0])
            empty = q.new_zeros(1, 1, 1, k.shape[2])
            mask = _front(mask, before.shape[2], gate, empty)
            bias = _front(bias, before.shape[2], None, empty)
            k, v = torch.cat([before, k], dim=2), torch.cat([payload, v], dim=2)
        return plain(module, q, k, v, mask, position_bias=bias, **options)[0]

    active = current()
    entries = None if active is None else active.attentions.get(module)
    if not entries:
        return plain(module, query, key, value, attention_mask, position_bias=position_bias, **options)
    if attention_mask is None and getattr(module, "is_causal", False) and query.shape[2] > 1:
        raise RuntimeError("a causal module came without a mask: a prefix would let it see the future")
    runs = cut(entries, query.shape[0])
    values = (query, key, value, attention_mask, position_bias)
    if len(runs) == 1:
        return run(entries[0], *values), None
    parts = zip(*(_split(value, [size for size, _ in runs]) for value in values), strict=True)
    return torch.cat([run(entry, *part) for (_, entry), part in zip(runs, parts, strict=True)]), None


def _split(value: Bias, sizes: list[int]) -> Sequence[Bias]:
    """The rows of a tensor in runs of these sizes; what all rows share is shared by the runs."""
    return [value] * len(sizes) if value is None or value.shape[0] == 1 else value.split(sizes)


ATTENTIONS = {plain: f"deltalab_{plain}" for plain in _PLAIN}
"""Plain attention -> the name under which our form of it is registered."""

for _plain, _name in ATTENTIONS.items():
    AttentionInterface.register(_name, partial(_attend, _PLAIN[_plain]))
    # The eager mask is always a tensor where causality needs one; the mask of sdpa may be None and lose it.
    AttentionMaskInterface.register(_name, eager_mask)
