"""Small random T5 models in their three published forms, and padded batches for them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import nn
from transformers import MT5Config, MT5ForConditionalGeneration, PreTrainedModel, T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import IGNORED, Batch
from deltalab.backbone.families.t5 import t5

os.environ["WANDB_CONSOLE"] = "off"  # W&B would wrap the streams that pytest captures, and close them
os.environ["WANDB_MODE"] = "offline"

VOCABULARY = 40
# Heads times their size is not the width, and the encoder is deeper than the decoder.
SHAPE = {
    "vocab_size": VOCABULARY,
    "d_model": 16,
    "d_kv": 6,
    "num_heads": 3,
    "d_ff": 24,
    "num_layers": 3,
    "num_decoder_layers": 2,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 16,
    "decoder_start_token_id": 0,
}
KINDS = ("v1.0", "v1.1", "mt5")

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _no_handlers_left() -> Iterator[None]:
    """A log handler that a program leaves writes to a stream that a later test has no longer."""
    before = set(logging.root.handlers)
    yield
    for handler in set(logging.root.handlers) - before:
        if type(handler) in (logging.StreamHandler, logging.FileHandler):
            logging.root.removeHandler(handler)


def _stock(kind: str, dropout: float) -> PreTrainedModel:
    if kind == "mt5":
        return MT5ForConditionalGeneration(MT5Config(**SHAPE, dropout_rate=dropout, feed_forward_proj="gated-gelu"))
    form = {"v1.0": ("relu", True), "v1.1": ("gated-gelu", False)}[kind]
    config = T5Config(**SHAPE, dropout_rate=dropout, feed_forward_proj=form[0], tie_word_embeddings=form[1])
    model = T5ForConditionalGeneration(config)
    if kind == "v1.1":
        model.lm_head.weight = nn.Parameter(torch.empty_like(model.shared.weight))
    return model


@torch.no_grad()
def build(kind: str = "v1.1", dropout: float = 0.0, seed: int = 0) -> PreTrainedModel:
    """A frozen stock model in eval mode; every call with the same arguments gives the same weights.

    Weights are drawn so that each part matters: gains away from 1, attention that prefers, a strong position bias.
    """
    model = _stock(kind, dropout)
    generator = torch.Generator().manual_seed(seed)
    for name, weight in model.named_parameters():
        if "norm" in name:
            weight.uniform_(0.5, 1.5, generator=generator)
        elif weight.shape == (VOCABULARY, 16) or "relative" in name:
            weight.normal_(generator=generator)
        else:
            weight.normal_(0.0, weight.shape[1] ** -0.5, generator=generator)
    return model.requires_grad_(False).eval()


@pytest.fixture(scope="session")
def stock() -> Callable[..., PreTrainedModel]:
    """`stock(kind, dropout, seed)` builds a model of `transformers` that deltalab has never seen."""
    return build


@pytest.fixture(scope="session")
def make_backbone() -> Callable[..., Backbone]:
    """`make_backbone(kind, dropout, seed)` builds a backbone of its own for tests that change it."""

    def make(kind: str = "v1.1", dropout: float = 0.0, seed: int = 0) -> Backbone:
        return Backbone(build(kind, dropout, seed), None, t5(), f"random {kind}")

    return make


@pytest.fixture(scope="session")
def backbone(make_backbone: Callable[..., Backbone]) -> Backbone:
    """One v1.1 backbone in eval mode without dropout, shared by all tests: leave it as it is."""
    return make_backbone()


def random_batch(rows: int = 6, source: int = 7, target: int = 5, seed: int = 0) -> Batch:
    """Right-padded rows of different lengths that close with `</s>` (1); the first row is the longest."""
    generator = torch.Generator().manual_seed(seed)

    def lengths(longest: int) -> torch.Tensor:
        drawn = torch.randint(2, longest + 1, (rows,), generator=generator)
        drawn[0] = longest
        return drawn[:, None]

    def tokens(longest: int, padding: int) -> torch.Tensor:
        drawn = torch.randint(3, VOCABULARY, (rows, longest), generator=generator)
        ends, position = lengths(longest), torch.arange(longest)
        return drawn.where(position < ends - 1, 1).where(position < ends, padding)

    ids, labels = tokens(source, 0), tokens(target, IGNORED)
    return Batch(ids, (ids != 0).long(), labels, torch.arange(rows))


@pytest.fixture(scope="session")
def make_batch() -> Callable[..., Batch]:
    """`make_batch(rows, source, target, seed)` draws a padded batch."""
    return random_batch


@pytest.fixture(scope="session")
def batch() -> Batch:
    """Six padded rows."""
    return random_batch()
