"""T5 and its relatives: v1.0 (ReLU `wi`), v1.1, LM-adapted, Flan, mT5, ByT5 (gated `wi_0`, `wi_1`)."""

from __future__ import annotations

from torch import nn

from deltalab.backbone.architecture.encoder_decoder import EncoderDecoder
from deltalab.backbone.family import Family

__all__ = ["t5"]

_BLOCK = r"(?P<side>encoder|decoder)\.block\.(?P<layer>\d+)\.layer\.\d\."


def _heads(attention: nn.Module) -> tuple[int, int]:
    return attention.n_heads, attention.key_value_proj_dim  # type: ignore[return-value]


def _projections(role: str, module: str) -> dict[str, str]:
    return {f"{role}.{p}": rf"{_BLOCK}{module}\.{p}" for p in "qkvo"}


def t5() -> Family:
    """The role table of T5 (Raffel et al. 2020, arXiv 1910.10683); `heads * d_kv` need not equal `d_model`."""
    # Self-attention is layer.0 on both sides; the feed-forward part is layer.1 in the encoder, layer.2 in the decoder.
    patterns = {
        "attn": rf"{_BLOCK}SelfAttention",
        "cross": rf"{_BLOCK}EncDecAttention",
        "ffn": rf"{_BLOCK}DenseReluDense",
        **_projections("attn", "SelfAttention"),
        **_projections("cross", "EncDecAttention"),
        "ffn.in": rf"{_BLOCK}DenseReluDense\.wi(_[01])?",
        "ffn.out": rf"{_BLOCK}DenseReluDense\.wo",
        "norm.attn": r"(?P<side>encoder|decoder)\.block\.(?P<layer>\d+)\.layer\.0\.layer_norm",
        "norm.cross": r"(?P<side>decoder)\.block\.(?P<layer>\d+)\.layer\.1\.layer_norm",
        "norm.ffn": r"(?=encoder.*\.layer\.1\.|decoder.*\.layer\.2\.)" + rf"{_BLOCK}layer_norm",
        "norm.final": r"(?P<side>encoder|decoder)\.final_layer_norm",
        "embed": r"(?P<side>encoder|decoder)\.embed_tokens",
        "head": r"lm_head",
    }
    return Family("t5", ("t5", "mt5"), patterns, _heads, EncoderDecoder(), overflows=True)
