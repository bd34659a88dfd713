"""Generation with the cache is generation without one, whichever of encoder and decoder is deeper."""

from __future__ import annotations

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.architecture.cache import new_cache


@pytest.mark.parametrize(("encoder", "decoder"), [(3, 2), (2, 2), (2, 3)])
def test_depths(encoder, decoder):
    torch.manual_seed(1)
    shape = {"vocab_size": 40, "d_model": 16, "d_kv": 6, "num_heads": 3, "d_ff": 24, "dropout_rate": 0.0}
    config = T5Config(
        **shape, num_layers=encoder, num_decoder_layers=decoder, decoder_start_token_id=0, initializer_factor=20.0
    )
    model = T5ForConditionalGeneration(config).eval()
    question = {"input_ids": torch.randint(3, 40, (4, 7)), "max_new_tokens": 6, "do_sample": False}
    cached = model.generate(**question, past_key_values=new_cache())
    assert torch.equal(cached, model.generate(**question, use_cache=False))
    assert len({tuple(row) for row in cached.tolist()}) > 1
