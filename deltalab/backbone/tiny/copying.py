"""Exercises in copying: to say again what a text says, whole, in part, or with a word changed."""

from __future__ import annotations

import numpy as np

from deltalab.backbone.tiny.asking import Exercise, pick, put, words_of, yes

__all__ = ["COPYING"]

MOST = 14  # words that are said again


def _again(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """A text again, with a word replaced."""
    text = " ".join(text.split()[:MOST])
    word, new = pick(words_of(text), rng), pick(words_of(other), rng)
    return f"Say {new} for {word}: {text}", put(text, word, new)


def _between(text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
    """What stands between two words."""
    parts = text.split()
    length = int(rng.integers(1, 4))
    at = int(rng.integers(max(1, len(parts) - length - 1)))
    inner, after = parts[at + 1 : at + 1 + length], parts[at + 1 + length :]
    return f"What is between {parts[at]} and {after[0] if after else 'the end'}? {text}", " ".join(inner)


def _changed(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Which word two texts differ in."""
    word, new = pick(words_of(text), rng), pick(words_of(other), rng)
    return f"Which word is new? Before: {text} Now: {put(text, word, new)}", new if new != word else "none"


def _same(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Whether two texts differ in a word."""
    word, new = pick(words_of(text), rng), pick(words_of(other), rng)
    same = rng.random() < 0.5 or word == new
    return f"Do they say the same? First: {text} Second: {text if same else put(text, word, new)}", yes(same)


COPYING: tuple[Exercise, ...] = (_again, _between, _changed, _same)
