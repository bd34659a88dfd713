"""Prompt tuning as a prompt-tuning adapter of PEFT, which transformers' own `load_adapter` does not take."""

from __future__ import annotations

from deltalab.backbone.backbone import Backbone
from deltalab.interop.adapter import Adapter, common
from deltalab.interop.parts import Part

__all__ = ["prompt_adapter"]


def prompt_adapter(backbone: Backbone, part: Part) -> Adapter:
    """The adapter of one prompt: vectors in front of the encoder's input alone."""
    (vectors,) = part.tensors
    config = {
        **common(backbone, "PROMPT_TUNING"),
        "num_virtual_tokens": len(vectors),
        "token_dim": vectors.shape[1],
        "num_transformer_submodules": 1,
    }
    return Adapter(config, {"prompt_embeddings": vectors})
