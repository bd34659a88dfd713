"""The parameter counts that the two published systems report, at the sizes they used, without any weights."""

from __future__ import annotations

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta.adapter import Adapter
from deltalab.delta.bitfit import BitFit
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.prefix import Prefix
from deltalab.delta.prompt import Prompt


def shapes_only(**config):
    with torch.device("meta"):
        model = T5ForConditionalGeneration(T5Config(d_kv=64, **config))
    return Backbone(model, None, t5(), "shapes")


@pytest.fixture(scope="module")
def base():
    """T5 v1.1 base."""
    return shapes_only(d_model=768, d_ff=2048, num_layers=12, num_heads=12, feed_forward_proj="gated-gelu")


@pytest.fixture(scope="module")
def large():
    """T5 v1.0 large with the embeddings of its tokenizer only."""
    return shapes_only(vocab_size=32100, d_model=1024, d_ff=4096, num_layers=24, num_heads=16)


INNER = ("attn.?", "ffn.in", "ffn.out")


@pytest.mark.parametrize(
    ("method", "tensors"),
    [
        (Adapter(size=12, bias=False, start="unified"), 120),
        (Lora(rank=10, start="unified"), 144),
        (Prefix(length=120, size=24, reshape="published"), 6),
    ],
)
def test_the_three_methods_of_unified_delta_tuning_have_equal_sizes(method, tensors, base):
    layout = method.bind(base, "delta").layout
    assert layout.size == 1_105_920
    assert len(layout.specs) == tensors


def test_a_standard_prefix_has_as_many_numbers_as_the_published_one(base):
    assert Prefix(length=120, size=24).bind(base, "prefix").size == 1_105_920


def test_the_large_backbone_is_the_published_one(large):
    assert large.num_parameters == 737_639_424


@pytest.mark.parametrize(
    ("method", "units", "size"),
    [
        (Lora(rank=1, roles=INNER), 288, 884_736),
        (Lora(rank=2, roles=INNER), 288, 1_769_472),
        (Lora(rank=8, roles=("attn.q", "attn.v")), 96, 1_572_864),
        (Lora(rank=1, roles=("attn.q", "attn.v")), 96, 196_608),
        (LowRankAdapter(), 96, 304_128),
        (BitFit(roles=(*INNER, "norm.*", "head")), 411, 599_396),
        (LNFit(), 122, 124_928),
        (Prompt(length=100), 1, 102_400),
        (Adapter(size=24, placement="pfeiffer"), 48, 4_819_200 // 2),
    ],
)
def test_the_methods_of_s3_have_the_published_sizes(method, units, size, large):
    delta = method.bind(large, "delta")
    assert len(delta.units) == units
    assert delta.size == size


def test_the_mixed_search_space_of_s3_has_the_published_size(large):
    space = [Lora(rank=1, roles=INNER), BitFit(roles=(*INNER, "norm.*")), LNFit(), LowRankAdapter()]
    deltas = [method.bind(large, "delta") for method in space]
    assert sum(len(delta.units) for delta in deltas) == 916
    assert sum(delta.size for delta in deltas) == 1_881_088
