"""The weights that ship: quick to load, the ones the card speaks of, and better than chance at English."""

from __future__ import annotations

import json
import math
import time

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration

from deltalab.backbone.tiny.export import sha256
from deltalab.backbone.tiny.spans import corrupt
from deltalab.backbone.tiny.vocabulary import EOS, sentinel_ids

PARAGRAPH = (
    "When the last of the guests had gone, she put out the lamps one after another and sat down by the window. It had "
    "begun to rain, and the street was empty except for a man with a dog, who waited under the trees for the weather "
    "to change. She thought of what her brother had said in the morning: that the house was too large for them, that "
    "it cost more than they had, and that sooner or later it would have to be sold. She did not believe him then."
)


@pytest.fixture(scope="module")
def model(embedded):
    return T5ForConditionalGeneration.from_pretrained(embedded).eval()


def held_out_loss(model, tokenizer):
    row = np.asarray([tokenizer(PARAGRAPH, add_special_tokens=False)["input_ids"]])
    pair = corrupt(np.repeat(row, 8, axis=0), sentinel_ids(tokenizer), EOS, np.random.default_rng(0))
    with torch.no_grad():
        return model(input_ids=torch.from_numpy(pair.inputs), labels=torch.from_numpy(pair.targets)).loss.item()


def test_the_card_and_the_facts_name_these_weights(embedded):
    facts = json.loads((embedded / "facts.json").read_text())
    assert facts["sha256"] == sha256(embedded / "model.safetensors")
    assert facts["sha256"] in (embedded / "README.md").read_text(encoding="utf-8")
    assert (embedded / "model.safetensors").stat().st_size <= 16_000_000


def test_they_are_far_from_chance(model, embedded):
    loss = held_out_loss(model, AutoTokenizer.from_pretrained(embedded))
    assert loss < 6.5 < math.log(model.config.vocab_size)  # loose: new weights may come


def test_a_random_start_does_not(model, embedded):
    torch.manual_seed(0)
    start = T5ForConditionalGeneration(model.config).eval()
    assert held_out_loss(start, AutoTokenizer.from_pretrained(embedded)) > 8.0


def test_every_weight_is_finite_and_float32_after_loading(model):
    for name, tensor in model.named_parameters():
        assert tensor.dtype == torch.float32, name
        assert torch.isfinite(tensor).all(), name


def test_loading_takes_less_than_two_seconds(embedded):
    began = time.perf_counter()
    T5ForConditionalGeneration.from_pretrained(embedded)
    AutoTokenizer.from_pretrained(embedded)
    assert time.perf_counter() - began < 2.0
