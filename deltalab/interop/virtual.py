"""Prompt tuning as a prompt-tuning adapter of PEFT, which transformers' own `load_adapter` does not take."""

from __future__ import annotations

from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.delta.method import Delta
from deltalab.delta.prompt import Prompt
from deltalab.errors import UserError
from deltalab.interop.adapter import Adapter, common
from deltalab.interop.parts import Part

__all__ = ["KIND", "imported_prompt", "prompt_adapter"]

KIND = "PROMPT_TUNING"
_VECTORS = "prompt_embeddings"


def prompt_adapter(backbone: Backbone, part: Part) -> Adapter:
    """The adapter of one prompt: vectors in front of the encoder's input alone."""
    (vectors,) = part.tensors
    config = {
        **common(backbone, KIND),
        "num_virtual_tokens": len(vectors),
        "token_dim": vectors.shape[1],
        "num_transformer_submodules": 1,
    }
    return Adapter(config, {_VECTORS: vectors})


def imported_prompt(adapter: Adapter, backbone: Backbone) -> tuple[Delta, Tensor]:
    """A prompt and its theta (D,); raises `UserError` where the adapter has vectors before the decoder's input too."""
    submodules = adapter.config.get("num_transformer_submodules")
    if submodules not in (None, 1):
        told = "a prompt here stands before the encoder's input alone; allowed: 1"
        raise UserError(f"adapter: num_transformer_submodules={submodules}: {told}")
    if set(adapter.tensors) != {_VECTORS}:
        raise UserError(f"adapter: holds {', '.join(sorted(adapter.tensors))}; a prompt has {_VECTORS}")
    vectors = adapter.tensors[_VECTORS]
    delta = Prompt(length=len(vectors)).bind(backbone, "prompt")
    wanted = delta.layout.specs[0].shape
    if vectors.shape != wanted:
        raise UserError(f"adapter: {_VECTORS} has the shape {tuple(vectors.shape)}, for this backbone {tuple(wanted)}")
    return delta, vectors.float().reshape(-1)
