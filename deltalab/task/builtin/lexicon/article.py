"""The indefinite article, which depends on the sound that follows."""

from __future__ import annotations

import re

__all__ = ["articled"]

_BEFORE_VOWEL = re.compile(r"\b([Aa]) (?=(?!uni[^mn]|us|eu|one\b|once)[aeiou]|hono|hones|hour|heir)")


def articled(text: str) -> str:
    """The text with `an` for `a` wherever the next word starts with a vowel as it is spoken."""
    return _BEFORE_VOWEL.sub(r"\1n ", text)
