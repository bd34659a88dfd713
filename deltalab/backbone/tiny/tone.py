"""Exercises in tone: words and sentences that please or displease, by a list of words with a number each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from deltalab.backbone.tiny.asking import Exercise, pick
from deltalab.errors import UserError

__all__ = ["read_tones", "tone", "value"]

NAMES = (("good", "bad"), ("positive", "negative"), ("pleasant", "unpleasant"))
TURNS = frozenset(
    ("not", "n't", "no", "never", "nothing", "nobody", "without", "hardly", "scarcely", "neither", "nor", "cannot")
)
REACH = 3  # words that a negation turns
CLEAR = 2.0  # a sentence whose sum is smaller is left alone
FEWEST, MOST = 4, 14  # words around a word of the list


def read_tones(path: Path) -> dict[str, float]:
    """Lines `word<TAB>value<TAB>...`, a value above 0 for what pleases; words of letters alone are kept."""
    try:
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        tones = {parts[0]: float(parts[1]) for parts in lines if parts[0].isalpha() and parts[0].islower()}
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        raise UserError(f"--tones: cannot read {path}: {error}; lines are word, tab, number") from error
    if not any(number > 0 for number in tones.values()) or not any(number < 0 for number in tones.values()):
        raise UserError(f"--tones: {path} needs words above and below 0")
    return tones


def value(words: list[str], tones: Mapping[str, float]) -> float:
    """The sum over the words, a word within three after a negation counted the other way round."""
    total = 0.0
    for at, word in enumerate(words):
        turned = any(before in TURNS for before in words[max(0, at - REACH) : at])
        total += tones.get(word, 0.0) * (-1 if turned else 1)
    return total


def tone(tones: Mapping[str, float], seen: Collection[str]) -> tuple[Exercise, ...]:
    """Exercises on the words of a list that are `seen` in the text, and on sentences that have some."""
    clear = [word for word, number in sorted(tones.items()) if abs(number) >= 1 and word in seen]
    if not clear:
        raise UserError("--tones: no word of the list stands in the text")

    def of_word(_text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Whether a word is a good one."""
        word, (good, bad) = pick(clear, rng), pick(NAMES, rng)
        return f"Is it {good} or {bad}? {word}", good if tones[word] > 0 else bad

    def of_text(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Whether a part of a sentence says something good."""
        for said in (text, following, other):
            part = _part(said, tones, rng)
            total = value(part.lower().replace("n't", " n't").split(), tones)
            if abs(total) >= CLEAR:
                good, bad = pick(NAMES, rng)
                question = f"Is it {good} or {bad}?"
                return (
                    f"{question} {part}" if rng.random() < 0.5 else f"{part} {question}"
                ), good if total > 0 else bad
        return of_word(text, following, other, rng)

    return of_text, of_word, of_text


def _part(text: str, tones: Mapping[str, float], rng: np.random.Generator) -> str:
    """Some words around one that has a tone; all, where none has."""
    parts = text.split()
    places = [i for i, word in enumerate(parts) if word.strip(".,;:!?\"'").lower() in tones]
    if not places:
        return text
    length = int(rng.integers(FEWEST, MOST + 1))
    start = max(0, pick(places, rng) - int(rng.integers(length)))
    return " ".join(parts[start : start + length])
