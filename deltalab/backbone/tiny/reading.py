"""Exercises in reading: to find, to compare and to miss words of a text."""

from __future__ import annotations

import numpy as np

from deltalab.backbone.tiny.asking import Exercise, options, pick, put, words_of, yes

__all__ = ["READING"]


def _intact(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Two neighbouring words change places, one is dropped, or one comes from another text; or nothing happens."""
    parts, foreign = text.split(), other.split()
    intact = rng.random() < 0.5
    if not intact:
        at, kind = int(rng.integers(len(parts) - 1)), int(rng.integers(3))
        swapped, dropped = [parts[at + 1], parts[at]], [parts[at + 1]]
        parts[at : at + 2] = (swapped, dropped, [foreign[int(rng.integers(len(foreign)))], parts[at + 1]])[kind]
    return f"Is this sentence intact? {' '.join(parts)}", yes(intact)


def _mentioned(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """A word of the text, or of another one."""
    own, foreign = words_of(text), sorted(set(words_of(other)) - set(words_of(text)))
    word = pick(own, rng) if rng.random() < 0.5 or not foreign else pick(foreign, rng)
    return f"Does the text say {word}? {text}", yes(word in own)


def _missing(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Which of two words was left out."""
    word, wrong = pick(words_of(text), rng), pick(words_of(other), rng)
    return f"Which word is missing, {options(word, wrong, rng)}? {put(text, word, '_')}", word


def _follows(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Whether one text goes on with the other."""
    goes_on = rng.random() < 0.5
    return f"Does this go on? {text} | {following if goes_on else other}", yes(goes_on)


def _next_word(text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
    """The word after a given one."""
    own = words_of(text)
    at = int(rng.integers(len(own) - 1))
    return f"Which word comes after {own[at]}? {text}", own[at + 1]


def _earlier(text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Which of two words of the text comes first."""
    own = list(dict.fromkeys([*words_of(text), "end"]))
    first, second = sorted(rng.choice(len(own), size=2, replace=False).tolist())
    return f"Which comes first, {options(own[first], own[second], rng)}? {text}", own[first]


READING: tuple[Exercise, ...] = (_intact, _mentioned, _missing, _follows, _next_word, _earlier)
