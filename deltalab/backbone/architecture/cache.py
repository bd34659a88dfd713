"""The cache of keys and values that a decoder beside an encoder fills."""

from __future__ import annotations

from transformers import DynamicCache, EncoderDecoderCache

__all__ = ["new_cache"]


def new_cache() -> EncoderDecoderCache:
    """An empty cache that grows with the decoder; the stock one is as deep as the encoder, maybe fewer."""
    return EncoderDecoderCache(DynamicCache(), DynamicCache())
