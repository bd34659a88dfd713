"""Ranking labels with what decoding has in common for all of them computed once."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import torch
from torch import Tensor
from transformers import DynamicCache, EncoderDecoderCache

from deltalab.backbone.batch import IGNORED, Batch, token_losses

if TYPE_CHECKING:
    from deltalab.backbone.architecture.architecture import Architecture
    from deltalab.backbone.backbone import Backbone

__all__ = ["has_cache", "ranked", "spelt_out"]

C = TypeVar("C", DynamicCache, EncoderDecoderCache)

_SCORED_AT_ONCE = 2**25  # numbers in one block of label logits: 128 MB in float32


def ranked(first: Tensor, cache: C, labels: Tensor, pad: int, decode: Callable[[Tensor, C, int], Tensor]) -> Tensor:
    """log p(label | input) (rows, L) of labels (rows, L, length) from the logits of the first token (rows, vocabulary).

    `decode(inputs, cache, L')` gives the logits (rows * L', length, vocabulary) of the inputs (rows * L', length) that
    follow the cache, each row's L' labels side by side.
    """
    scores = first.log_softmax(-1).gather(1, labels[:, :, 0].clamp(min=0))
    if labels.shape[2] == 1:
        return scores
    inputs = labels[:, :, :-1].masked_fill(labels[:, :, :-1] == IGNORED, pad)
    # Blocks are cut along the labels, so that rows stay evenly split over the vectors.
    at_once = max(1, _SCORED_AT_ONCE // (len(first) * inputs.shape[2] * first.shape[1]))
    rest = []
    for given, wanted in zip(inputs.split(at_once, 1), labels[:, :, 1:].split(at_once, 1), strict=True):
        repeated, count = _branch(cache), given.shape[1]
        repeated.batch_repeat_interleave(count)  # row by row, so vectors keep their rows together
        logits = decode(given.flatten(0, 1), repeated, count)
        each = token_losses(logits.float(), wanted.flatten(0, 1))
        rest.append(-each.sum(1).view(len(first), count))
    return scores + torch.cat(rest, dim=1)


def has_cache(backbone: Backbone) -> bool:
    """Whether the model fills a cache as it is now: where layers are recomputed in the backward pass it drops it."""
    return not (backbone.model.is_activation_checkpointing and backbone.model.training)


def spelt_out(architecture: Architecture, backbone: Backbone, rows: Batch, labels: Tensor) -> Tensor:
    """log p(label | input) (rows, L) of labels (rows, L, length), a whole pass over every row for each of them."""
    count = labels.shape[1]
    places = torch.arange(len(rows), device=labels.device).repeat_interleave(count)
    given = replace(rows.take(places), labels=labels.flatten(0, 1))
    logits = architecture.logits(backbone, given).float()
    each = token_losses(logits, given.labels)
    return -each.sum(1).view(len(rows), count)


def _branch(cache: C) -> C:
    """A cache that goes on from here by itself: layers of its own around the same tensors, which nobody writes into."""
    own = copy(cache)
    if isinstance(own, EncoderDecoderCache):
        own.self_attention_cache = _branch(own.self_attention_cache)
        own.cross_attention_cache = _branch(own.cross_attention_cache)
        own.is_updated = dict(own.is_updated)
    else:
        own.layers = [copy(layer) for layer in own.layers]
    return own
