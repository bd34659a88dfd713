"""The depth and width of a backbone against the config it was built from."""

from __future__ import annotations

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta.outline import depths, outline


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
def test_each_side_has_its_own_depth(kind, make_backbone):
    assert depths(make_backbone(kind)) == {"encoder": 3, "decoder": 2}


def test_the_outline_tells_the_published_shape():
    with torch.device("meta"):
        model = T5ForConditionalGeneration(
            T5Config(vocab_size=32100, d_model=1024, d_kv=64, d_ff=4096, num_layers=24, num_heads=16)
        )
    assert outline(Backbone(model, None, t5(), "t5-large")) == {
        "source": "t5-large",
        "family": "t5",
        "parameters": 737_639_424,
        "layers": {"encoder": 24, "decoder": 24},
        "widths": {"attn": 1024, "attn.q": 1024, "ffn.in": 4096},
    }
