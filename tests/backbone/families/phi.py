"""A role table that the package does not have, as somebody would add it: Phi."""

from __future__ import annotations

from torch import nn

from deltalab.backbone.architecture.decoder_only import DecoderOnly
from deltalab.backbone.family import Family

LAYER = r"model\.layers\.(?P<layer>\d+)\."


def heads(attention: nn.Module) -> tuple[int, int]:
    return attention.config.num_key_value_heads, attention.head_dim


def phi() -> Family:
    patterns = {
        "attn": rf"{LAYER}self_attn",
        "ffn": rf"{LAYER}mlp",
        **{f"attn.{p}": rf"{LAYER}self_attn\.{p}_proj" for p in "qkv"},
        "attn.o": rf"{LAYER}self_attn\.dense",
        "ffn.in": rf"{LAYER}mlp\.fc1",
        "ffn.out": rf"{LAYER}mlp\.fc2",
        "norm.attn": rf"{LAYER}input_layernorm",
        "norm.final": r"model\.final_layernorm",
        "embed": r"model\.embed_tokens",
        "head": r"lm_head",
    }
    return Family("phi", ("phi",), patterns, heads, DecoderOnly())
