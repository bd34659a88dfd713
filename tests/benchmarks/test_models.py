"""The random models have the shapes that the published code was timed with."""

import pytest

from benchmarks.models import batch, stock
from benchmarks.settings import Settings

PUBLISHED = {
    "tiny": {"vocab_size": 2000, "d_model": 128, "d_kv": 32, "d_ff": 256, "num_layers": 4, "num_heads": 4},
    "mid": {"vocab_size": 32128, "d_model": 512, "d_kv": 64, "d_ff": 1024, "num_layers": 8, "num_heads": 8},
}


@pytest.mark.parametrize("size", PUBLISHED)
def test_shapes(size):
    model = stock(size, Settings())
    config = model.config.to_dict()
    assert {name: config[name] for name in PUBLISHED[size]} == PUBLISHED[size]
    assert config["num_decoder_layers"] == config["num_layers"]
    assert (config["feed_forward_proj"], config["dropout_rate"]) == ("gated-gelu", 0.1)
    assert model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_batches_have_no_padding():
    rows = batch("tiny", 8, Settings())
    assert rows.input_ids.shape == (8, 128)
    assert rows.labels.shape == (8, 8)
    assert bool(rows.attention_mask.all())
