"""Frozen linear maps in 8 or 4 bits (Dettmers et al. 2022, arXiv 2208.07339; 2023, arXiv 2305.14314)."""

from __future__ import annotations

from importlib.util import find_spec

import torch
from transformers import BitsAndBytesConfig

from deltalab.errors import UserError, unknown

__all__ = ["quantized"]


def quantized(bits: int | None, computes_in: torch.dtype) -> BitsAndBytesConfig | None:
    """How `transformers` is to load the weights; None for whole numbers of bits as they are in the files.

    Raises `UserError` for another number of bits than 8 and 4, and where bitsandbytes is not installed.
    """
    if bits is None:
        return None
    if bits not in (4, 8):
        raise unknown("bits", str(bits), ("4", "8", "null"), "backbone.bits")
    if find_spec("bitsandbytes") is None:
        raise UserError(f"backbone.bits={bits}: needs the package bitsandbytes; install it, or use backbone.bits=null")
    if bits == 8:
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=computes_in)
