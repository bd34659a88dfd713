"""Fewer bits: what is asked of `transformers`, and of the user."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.load import pretrained
from deltalab.backbone.quantized import quantized
from deltalab.errors import UserError


@pytest.mark.parametrize("bits", [3, 4, 8])
def test_bits_without_bitsandbytes(bits, saved, monkeypatch):
    monkeypatch.setattr("deltalab.backbone.quantized.find_spec", lambda name: None)
    expected = "unknown bits '3'" if bits == 3 else "needs the package bitsandbytes"
    with pytest.raises(UserError, match=expected):
        pretrained(str(saved()), bits=bits)


def test_bits_ask_for_linear_maps_of_so_many(monkeypatch):
    monkeypatch.setattr("deltalab.backbone.quantized.find_spec", lambda name: object())
    assert quantized(None, torch.float32) is None
    assert quantized(8, torch.float32).load_in_8bit
    four = quantized(4, torch.bfloat16)
    assert (four.load_in_4bit, four.bnb_4bit_compute_dtype) == (True, torch.bfloat16)
