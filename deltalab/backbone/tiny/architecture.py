"""The shape of the tiny backbone."""

from __future__ import annotations

import torch
from transformers import T5Config, T5ForConditionalGeneration

__all__ = ["new_model"]


def new_model(vocabulary: int, seed: int) -> T5ForConditionalGeneration:
    """A randomly initialised T5 v1.1-style model: gated GELU, 4 + 4 layers, 192 wide, embeddings shared."""
    torch.manual_seed(seed)
    config = T5Config(  # type: ignore[call-arg]
        vocab_size=vocabulary,
        d_model=192,
        d_kv=32,
        num_heads=6,
        d_ff=512,
        num_layers=4,
        num_decoder_layers=4,
        # T5 v1.1's gate (GELU by its tanh formula), under the name of the implementation that runs as one kernel.
        feed_forward_proj="gated-gelu_pytorch_tanh",
        dropout_rate=0.0,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
        architectures=["T5ForConditionalGeneration"],
    )
    config.dtype = torch.float32  # what `from_pretrained` gives, although the file holds float16
    return T5ForConditionalGeneration(config)
