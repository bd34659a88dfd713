"""Logits to compare two forms of one model by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from deltalab.backbone.architecture.encoder_decoder import EncoderDecoder
from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.interop.opened import Opened

__all__ = ["asked", "gap", "inputs", "ours", "probe"]


def probe(backbone: Backbone, rows: int = 4, length: int = 16) -> Batch:
    """Drawn tokens of the vocabulary, the same at every call."""
    size, generator = int(backbone.model.config.vocab_size), torch.Generator().manual_seed(0)
    ids, labels = (torch.randint(size, (rows, width), generator=generator) for width in (length, length // 2))
    return Batch(ids, torch.ones_like(ids), labels, torch.arange(rows)).to(backbone.device)


@torch.no_grad()
def ours(opened: Opened, batch: Batch) -> Tensor:
    """Logits (rows, length, vocabulary) of a solution."""
    segment = Segment(opened.delta, opened.solution.theta.to(batch.rows.device))
    found = Stack(opened.backbone).run(
        batch, [segment], lambda model, rows: asked(model, inputs(opened.backbone, rows))
    )
    return torch.cat(found)


def inputs(backbone: Backbone, batch: Batch) -> dict[str, Tensor]:
    """What a model of transformers takes to give logits; with a decoder beside an encoder also its teacher's tokens."""
    model: Any = backbone.model
    given = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
    if isinstance(backbone.family.architecture, EncoderDecoder):
        given["decoder_input_ids"] = model.prepare_decoder_input_ids_from_labels(batch.labels)
    return given


@torch.no_grad()
def asked(model: Callable[..., Any], given: Mapping[str, Tensor]) -> Tensor:
    """Logits of any model of transformers."""
    logits: Tensor = model(**given).logits
    return logits


def gap(found: Tensor, expected: Tensor) -> float:
    """The largest difference between logits, as a part of the largest of those expected."""
    return float((found - expected).abs().max() / expected.abs().max())
