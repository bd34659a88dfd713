"""The cache of keys and values that decoding fills."""

from __future__ import annotations

from transformers import DynamicCache, EncoderDecoderCache

__all__ = ["Cache", "new_cache"]

Cache = EncoderDecoderCache


def new_cache() -> Cache:
    """An empty cache that grows with the decoder; the stock one is as deep as the encoder, maybe fewer."""
    return EncoderDecoderCache(DynamicCache(), DynamicCache())
