"""BART: an encoder-decoder with learned positions and biases everywhere (Lewis et al. 2020, arXiv 1910.13461)."""

from __future__ import annotations

from torch import nn

from deltalab.backbone.architecture.encoder_decoder import EncoderDecoder
from deltalab.backbone.family import Family

__all__ = ["bart"]

_LAYER = r"model\.(?P<side>encoder|decoder)\.layers\.(?P<layer>\d+)\."
_PROJECTIONS = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"}


def _heads(attention: nn.Module) -> tuple[int, int]:
    return attention.num_heads, attention.head_dim  # type: ignore[return-value]


def bart() -> Family:
    """The role table of BART; norms come after their block, and the feed-forward block ends in `fc2`."""
    patterns = {
        "attn": rf"{_LAYER}self_attn",
        "cross": rf"{_LAYER}encoder_attn",
        "ffn": rf"{_LAYER}fc2",
        **{f"attn.{p}": rf"{_LAYER}self_attn\.{name}" for p, name in _PROJECTIONS.items()},
        **{f"cross.{p}": rf"{_LAYER}encoder_attn\.{name}" for p, name in _PROJECTIONS.items()},
        "ffn.in": rf"{_LAYER}fc1",
        "ffn.out": rf"{_LAYER}fc2",
        "norm.embed": r"model\.(?P<side>encoder|decoder)\.layernorm_embedding",
        "norm.attn": rf"{_LAYER}self_attn_layer_norm",
        "norm.cross": rf"{_LAYER}encoder_attn_layer_norm",
        "norm.ffn": rf"{_LAYER}final_layer_norm",
        "embed": r"model\.(?P<side>encoder|decoder)\.embed_tokens",
        "head": r"lm_head",
    }
    return Family("bart", ("bart",), patterns, _heads, EncoderDecoder())
