"""ByT5 by the same role table: bytes for tokens, an encoder three times as deep as the decoder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import ByT5Tokenizer, T5Config, T5ForConditionalGeneration

from .support import SMALL, program


@pytest.fixture(scope="module")
def byt5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("byt5")
    tokenizer = ByT5Tokenizer()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    shape = {"d_model": 32, "d_kv": 6, "num_heads": 3, "d_ff": 40, "num_layers": 3, "num_decoder_layers": 1}
    config = T5Config(
        vocab_size=384, feed_forward_proj="gated-gelu", decoder_start_token_id=0, dropout_rate=0.0, **shape
    )
    T5ForConditionalGeneration(config).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("evaluation", ["rank", "generate"])
def test_a_run(byt5: Path, tmp_path: Path, evaluation: str):
    done = program(
        "pack.delta=[lora,prefix]",
        f"task.evaluation={evaluation}",
        "data.max_output_length=12",
        *SMALL,
        folder=tmp_path,
        model=byt5,
    )
    assert (done.code, done.err) == (0, "")
    assert done.record["backbone"]["family"] == "t5"
    assert [bool(job["test"]["rows"]) for job in done.record["jobs"]] == [True, True]
