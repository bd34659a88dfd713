"""BERT, MiniLM and RoBERTa: encoders that fill masks in (Devlin et al. 2019, arXiv 1810.04805)."""

from __future__ import annotations

import re

from torch import nn

from deltalab.backbone.architecture.encoder_only import EncoderOnly
from deltalab.backbone.family import Family

__all__ = ["bert", "masked"]


def _heads(attention: nn.Module) -> tuple[int, int]:
    return attention.num_attention_heads, attention.attention_head_size  # type: ignore[return-value]


def _core(path: str) -> str:
    return path.removesuffix("output.dense") + "self"


def masked(name: str, decoder: str) -> Family:
    """The role table that BERT and RoBERTa share; `decoder` is the path of the last map from states to logits."""
    layer = rf"{name}\.encoder\.layer\.(?P<layer>\d+)\."
    patterns = {
        "attn": rf"{layer}attention\.output\.dense",
        "ffn": rf"{layer}output\.dense",
        **{f"attn.{one[0]}": rf"{layer}attention\.self\.{one}" for one in ("query", "key", "value")},
        "attn.o": rf"{layer}attention\.output\.dense",
        "ffn.in": rf"{layer}intermediate\.dense",
        "ffn.out": rf"{layer}output\.dense",
        "norm.embed": rf"{name}\.embeddings\.LayerNorm",
        "norm.attn": rf"{layer}attention\.output\.LayerNorm",
        "norm.ffn": rf"{layer}output\.LayerNorm",
        "embed": rf"{name}\.embeddings\.word_embeddings",
        "head": re.escape(decoder),
    }
    return Family(name, (name,), patterns, _heads, EncoderOnly(decoder), side="encoder", core=_core)


def bert() -> Family:
    """BERT and models of its build, such as MiniLM (arXiv 2002.10957)."""
    return masked("bert", "cls.predictions.decoder")
