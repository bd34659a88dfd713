"""GPT-2: a decoder whose queries, keys and values are one linear map (Radford et al. 2019)."""

from __future__ import annotations

from torch import nn

from deltalab.backbone.architecture.decoder_only import DecoderOnly
from deltalab.backbone.family import Family

__all__ = ["gpt2"]

_LAYER = r"transformer\.h\.(?P<layer>\d+)\."
_PARTS = {"attn.q": (0, 3), "attn.k": (1, 3), "attn.v": (2, 3)}


def _heads(attention: nn.Module) -> tuple[int, int]:
    return attention.num_heads, attention.head_dim  # type: ignore[return-value]


def gpt2() -> Family:
    """The role table of GPT-2; `attn.q`, `attn.k` and `attn.v` are thirds of the output of `c_attn`."""
    patterns = {
        "attn": rf"{_LAYER}attn",
        "ffn": rf"{_LAYER}mlp",
        **{role: rf"{_LAYER}attn\.c_attn" for role in _PARTS},
        "attn.o": rf"{_LAYER}attn\.c_proj",
        "ffn.in": rf"{_LAYER}mlp\.c_fc",
        "ffn.out": rf"{_LAYER}mlp\.c_proj",
        "norm.attn": rf"{_LAYER}ln_1",
        "norm.ffn": rf"{_LAYER}ln_2",
        "norm.final": r"transformer\.ln_f",
        "embed": r"transformer\.wte",
        "head": r"lm_head",
    }
    return Family("gpt2", ("gpt2",), patterns, _heads, DecoderOnly(), parts=_PARTS)
