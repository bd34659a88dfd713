"""Random T5 models of a few sizes, and random batches for them; random weights serve for timing."""

from __future__ import annotations

import torch
from transformers import T5Config, T5ForConditionalGeneration

from benchmarks.settings import Settings
from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.backbone.families.t5 import t5

__all__ = ["SIZES", "V1_0", "backbone", "batch", "stock"]

# vocabulary, width, numbers per head, heads, feed-forward width, layers on each side
SIZES: dict[str, tuple[int, int, int, int, int, int]] = {
    "tiny": (2000, 128, 32, 4, 256, 4),
    "mid": (32128, 512, 64, 8, 1024, 8),  # T5 v1.1 small, with 8 heads
    "base": (32128, 768, 64, 12, 2048, 12),  # T5 v1.1 base
    "large": (32128, 1024, 64, 16, 2816, 24),  # T5 v1.1 large
}

V1_0: dict[str, tuple[int, int, int, int, int, int]] = {
    "tiny v1.0": (2000, 128, 32, 4, 256, 4),
    "mid v1.0": (32128, 512, 64, 8, 2048, 6),  # T5 small
    "base v1.0": (32128, 768, 64, 12, 3072, 12),  # T5 base
    "large v1.0": (32128, 1024, 64, 16, 4096, 24),  # T5 large
    "deep v1.0": (2000, 128, 32, 4, 256, 24),  # as many sites as T5 large, and little at each
}
"""With one inner map and ReLU: what structures were searched on in arXiv 2206.07382."""


def stock(size: str, settings: Settings) -> T5ForConditionalGeneration:
    """A frozen T5 of `transformers` in train mode; the same random weights every time."""
    vocabulary, width, each, heads, inner, layers = (SIZES | V1_0)[size]
    config = T5Config(
        vocab_size=vocabulary,
        d_model=width,
        d_kv=each,
        num_heads=heads,
        d_ff=inner,
        num_layers=layers,
        num_decoder_layers=layers,
        feed_forward_proj="relu" if size in V1_0 else "gated-gelu",
        dropout_rate=settings.dropout,
    )
    config.decoder_start_token_id = config.pad_token_id
    torch.manual_seed(0)
    model = T5ForConditionalGeneration(config)
    model.to(device=settings.place, dtype=settings.number).requires_grad_(False).train()  # type: ignore[call-arg, call-overload]
    if settings.compile:
        model.compile(dynamic=True)
    return model


def backbone(size: str, settings: Settings) -> Backbone:
    """The same model as a backbone without tokenizer."""
    return Backbone(stock(size, settings), None, t5(), f"random {size}")


def batch(size: str, rows: int, settings: Settings) -> Batch:
    """Random tokens, no padding."""
    generator = torch.Generator().manual_seed(1)
    ids, labels = (
        torch.randint(3, (SIZES | V1_0)[size][0], (rows, length), generator=generator)
        for length in (settings.source, settings.target)
    )
    return Batch(ids, torch.ones_like(ids), labels, torch.arange(rows)).to(settings.place)
