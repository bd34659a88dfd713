"""Prompts against vectors put before the embedded input."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from deltalab.delta.prompt import Prompt
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .helpers import perturbed, same
from .naive import check


class Prepended(nn.Module):
    """An embedding with vectors in front of every row."""

    def __init__(self, inner, vectors):
        super().__init__()
        self.inner, self.vectors = inner, vectors

    def forward(self, ids):
        return torch.cat([self.vectors.expand(len(ids), -1, -1), self.inner(ids)], dim=1)


def install(model, tensors):
    (vectors,) = tensors.values()
    model.encoder.embed_tokens = Prepended(model.encoder.embed_tokens, vectors)


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_a_prompt_equals_vectors_before_the_embedded_input(kind, attention, make_backbone, stock, batch):
    backbone = make_backbone(kind)
    delta = Prompt(length=3).bind(backbone, "prompt")
    check(Stack(backbone, attention), lambda: stock(kind), delta, batch, install)


def test_a_gate_scales_the_vectors_and_keeps_their_places(backbone, batch):
    delta, stack = Prompt(length=3).bind(backbone, "prompt"), Stack(backbone)
    theta = perturbed(delta)
    gated = stack.logits(batch, [Segment(delta, theta, torch.tensor([0.25]))])
    same(gated, stack.logits(batch, [Segment(delta, theta * 0.25)]), 0.0)


def test_a_start_copies_embeddings_or_draws_them(backbone):
    embeddings = backbone.model.get_encoder().embed_tokens.weight
    starts = ("vocabulary", "first", "uniform")
    drawn = [Prompt(length=50, start=name).bind(backbone, "prompt").layout.initial(0).view(50, -1) for name in starts]
    start = dict(zip(starts, drawn, strict=True))
    assert torch.equal(start["first"], embeddings[torch.arange(50) % 40])
    assert all((embeddings == vector).all(1).any() for vector in start["vocabulary"])
    assert 0.9 / math.sqrt(16) < float(start["uniform"].abs().max()) <= 1 / math.sqrt(16)


def test_the_caller_keeps_its_batch(backbone, batch):
    delta = Prompt(length=3).bind(backbone, "prompt")
    before = batch.input_ids.clone(), batch.attention_mask.clone()
    Stack(backbone).logits(batch, [Segment(delta, perturbed(delta))])
    assert torch.equal(batch.input_ids, before[0])
    assert torch.equal(batch.attention_mask, before[1])


@pytest.mark.parametrize("wrong", [{"length": 0}, {"start": "random"}])
def test_bad_arguments_end_in_one_line(wrong):
    with pytest.raises(UserError) as caught:
        Prompt(**wrong)
    assert "\n" not in str(caught.value)
