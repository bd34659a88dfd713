"""Ranking labels with what decoding has in common for all of them computed once."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import DynamicCache, EncoderDecoderCache

from deltalab.backbone.batch import IGNORED

__all__ = ["ranked"]

C = TypeVar("C", DynamicCache, EncoderDecoderCache)

_SCORED_AT_ONCE = 2**25  # numbers in one block of label logits: 128 MB in float32


def ranked(first: Tensor, cache: C, labels: Tensor, pad: int, decode: Callable[[Tensor, C, int], Tensor]) -> Tensor:
    """log p(label | input) (rows, L) from the logits of the first token (rows, vocabulary) and the cache behind them.

    `decode(inputs, cache, L')` gives the logits (rows * L', length, vocabulary) of the inputs (rows * L', length) that
    follow the cache, each row's L' labels side by side.
    """
    scores = first.log_softmax(-1)[:, labels[:, 0]]
    if labels.shape[1] == 1:
        return scores
    inputs = labels[:, :-1].masked_fill(labels[:, :-1] == IGNORED, pad)
    # Blocks are cut along the labels, so that rows stay evenly split over the vectors.
    at_once = max(1, _SCORED_AT_ONCE // (len(first) * inputs.shape[1] * first.shape[1]))
    rest = []
    for given, wanted in zip(inputs.split(at_once), labels[:, 1:].split(at_once), strict=True):
        repeated = deepcopy(cache)
        repeated.batch_repeat_interleave(len(given))  # row by row, so vectors keep their rows together
        logits = decode(given.repeat(len(first), 1), repeated, len(given))
        targets = wanted.repeat(len(first), 1)
        each = F.cross_entropy(logits.float().transpose(1, 2), targets, reduction="none", ignore_index=IGNORED)
        rest.append(-each.sum(1).view(len(first), len(given)))
    return scores + torch.cat(rest, dim=1)
