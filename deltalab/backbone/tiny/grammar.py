"""Exercises in grammar: a sentence, or the same with one small thing wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from deltalab.backbone.tiny.asking import Exercise, pick

__all__ = ["forms", "grammar"]

KIN = (
    "is are am be being",
    "was were been being",
    "has have having",
    "do does did done doing",
    "he him himself",
    "she hers herself",
    "they them themselves",
    "i me myself mine",
    "we us ourselves ours",
    "who whom whose",
    "which who what",
    "this these",
    "that those",
    "a an",
    "much many",
    "can could to",
    "will would to",
    "if whether that",
    "to for of at with by from in on",
    "and but because",
    "not no never",
    "any some",
    "there it",
)
ENDINGS = ("", "s", "ed", "ing")
SEEN = 3
Words = list[str]
Spoil = Callable[[Words, np.random.Generator], Words | None]


def grammar(seen: Counter[str]) -> tuple[Exercise, ...]:
    """Exercises whose wrong sentences exchange, move, drop or repeat words; the forms of words are those `seen`."""
    spoils = (_exchange(_kin()), _exchange(forms(seen)), _moved, _dropped, _repeated)

    def acceptable(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Whether the shortest of three is a sentence."""
        text = min(text, following, other, key=len)
        wrong = rng.random() < 0.5
        said = _wrong(text, spoils, rng) if wrong else text
        question = pick(("Is this acceptable?", "Is this correct English?", "Can one say this?"), rng)
        answers = ("acceptable", "unacceptable") if question == "Is this acceptable?" else ("yes", "no")
        return (f"{question} {said}" if rng.random() < 0.7 else f"{said} {question}"), answers[wrong]

    def better(text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Which of two is the sentence."""
        wrong = _wrong(text, spoils, rng)
        first = rng.random() < 0.5
        one, other = (text, wrong) if first else (wrong, text)
        return f"Which is correct? First: {one} Second: {other}", "first" if first else "second"

    return acceptable, better, acceptable


def forms(seen: Counter[str]) -> dict[str, tuple[str, ...]]:
    """Words `seen` with several endings, such as walk, walks, walked and walking, each with the others."""
    found: dict[str, tuple[str, ...]] = {}
    for stem in list(seen):
        family = tuple(stem + ending for ending in ENDINGS if seen[stem + ending] >= SEEN)
        if len(stem) > 2 and len(family) > 2:
            found.update({word: tuple(other for other in family if other != word) for word in family})
    return found


def _kin() -> dict[str, tuple[str, ...]]:
    groups = [tuple(group.split()) for group in KIN]
    words = {word for group in groups for word in group}
    return {
        word: tuple(other for group in groups if word in group for other in group if other != word) for word in words
    }


def _exchange(others: Mapping[str, Sequence[str]]) -> Spoil:
    def spoil(parts: Words, rng: np.random.Generator) -> Words | None:
        places = [i for i, word in enumerate(parts) if word.lower() in others]
        if not places:
            return None
        at = pick(places, rng)
        new = pick(others[parts[at].lower()], rng)
        return [*parts[:at], new.capitalize() if parts[at][0].isupper() else new, *parts[at + 1 :]]

    return spoil


def _moved(parts: Words, rng: np.random.Generator) -> Words:
    at, by = int(rng.integers(len(parts))), int(rng.integers(1, 4))
    rest = [*parts[:at], *parts[at + 1 :]]
    to = (at + by) % len(parts)
    return [*rest[:to], parts[at], *rest[to:]]


def _dropped(parts: Words, rng: np.random.Generator) -> Words:
    at = int(rng.integers(len(parts) - 1))
    return [*parts[:at], *parts[at + 1 :]]


def _repeated(parts: Words, rng: np.random.Generator) -> Words:
    at, to = (int(i) for i in rng.integers(len(parts), size=2))
    return [*parts[:to], parts[at].lower(), *parts[to:]]


def _wrong(text: str, spoils: Sequence[Spoil], rng: np.random.Generator) -> str:
    """The text with one thing wrong."""
    parts = text.split()
    for place in rng.permutation(len(spoils)):
        spoiled = spoils[place](parts, rng)
        if spoiled is not None and spoiled != parts:
            return " ".join(spoiled)
    return " ".join([*parts, parts[0]])
