"""Logits to compare two forms of one model by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.interop.opened import Opened

__all__ = ["asked", "decoder_inputs", "gap", "ours", "probe"]


def probe(backbone: Backbone, rows: int = 4, length: int = 16) -> Batch:
    """Drawn tokens of the vocabulary, the same at every call."""
    size, generator = int(backbone.model.config.vocab_size), torch.Generator().manual_seed(0)
    ids, labels = (torch.randint(size, (rows, width), generator=generator) for width in (length, length // 2))
    return Batch(ids, torch.ones_like(ids), labels, torch.arange(rows)).to(backbone.device)


@torch.no_grad()
def ours(opened: Opened, batch: Batch) -> Tensor:
    """Logits (rows, target length, vocabulary) of a solution."""
    return Stack(opened.backbone).logits(batch, [Segment(opened.delta, opened.solution.theta.to(batch.rows.device))])


def decoder_inputs(backbone: Backbone, batch: Batch) -> Tensor:
    """What the decoder reads under teacher forcing (rows, target length)."""
    model: Any = backbone.model
    inputs: Tensor = model.prepare_decoder_input_ids_from_labels(batch.labels)
    return inputs


@torch.no_grad()
def asked(model: Callable[..., Any], batch: Batch, start: Tensor) -> Tensor:
    """Logits of any seq2seq model of transformers; `start` are the decoder's inputs."""
    output = model(
        input_ids=batch.input_ids, attention_mask=batch.attention_mask, decoder_input_ids=start, use_cache=False
    )
    logits: Tensor = output.logits
    return logits


def gap(found: Tensor, expected: Tensor) -> float:
    """The largest difference between logits, as a part of the largest of those expected."""
    return float((found - expected).abs().max() / expected.abs().max())
