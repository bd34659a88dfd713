"""Llama and models of the same build: Mistral, Qwen 2, Qwen 3 (Touvron et al. 2023, arXiv 2302.13971)."""

from __future__ import annotations

from torch import nn

from deltalab.backbone.architecture.decoder_only import DecoderOnly
from deltalab.backbone.family import Family

__all__ = ["llama"]

_LAYER = r"model\.layers\.(?P<layer>\d+)\."


def _heads(attention: nn.Module) -> tuple[int, int]:
    """Keys may have fewer heads than queries; prefixes are as many as the keys (GQA, arXiv 2305.13245)."""
    keys, each = attention.k_proj, attention.head_dim
    assert isinstance(keys, nn.Linear)
    assert isinstance(each, int)
    return keys.out_features // each, each


def llama() -> Family:
    """The role table of Llama; `ffn.in` is the gate and the map it gates."""
    patterns = {
        "attn": rf"{_LAYER}self_attn",
        "ffn": rf"{_LAYER}mlp",
        **{f"attn.{p}": rf"{_LAYER}self_attn\.{p}_proj" for p in "qkvo"},
        "ffn.in": rf"{_LAYER}mlp\.(gate|up)_proj",
        "ffn.out": rf"{_LAYER}mlp\.down_proj",
        "norm.attn": rf"{_LAYER}input_layernorm",
        "norm.ffn": rf"{_LAYER}post_attention_layernorm",
        "norm.final": r"model\.norm",
        "embed": r"model\.embed_tokens",
        "head": r"lm_head",
    }
    return Family("llama", ("llama", "mistral", "qwen2", "qwen3"), patterns, _heads, DecoderOnly())
