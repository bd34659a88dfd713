"""Drills: to find, repeat and compare words of short lists, which reading is made of."""

from __future__ import annotations

import numpy as np

from deltalab.backbone.tiny.asking import Exercise, pick, words_of, yes

__all__ = ["DRILL"]

FEWEST, MOST = 2, 6  # words of a list
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")


def _listed(text: str, following: str, other: str, rng: np.random.Generator) -> list[str]:
    """Different words of three texts, in any order."""
    found = list(dict.fromkeys([*words_of(text), *words_of(following), *words_of(other)]))
    count = min(int(rng.integers(FEWEST, MOST + 1)), len(found))
    return [found[i] for i in rng.permutation(len(found))[:count].tolist()]


def _say(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """The list again."""
    listed = " ".join(_listed(text, following, other, rng))
    return f"Say: {listed}", listed


def _place(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """The word at a place."""
    listed = _listed(text, following, other, rng)
    at = int(rng.integers(len(listed)))
    return f"Which is {PLACES[at]}? {' '.join(listed)}", listed[at]


def _after(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """The word after another."""
    listed = _listed(text, following, other, rng)
    at = int(rng.integers(max(1, len(listed) - 1)))
    return f"What comes after {listed[at]}? {' '.join(listed)}", listed[at + 1] if listed[at + 1 :] else "nothing"


def _here(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Whether a word is in the list."""
    listed = _listed(text, following, other, rng)
    there = rng.random() < 0.5 or len(listed) < 2
    word = pick(listed, rng) if there else listed.pop()
    return f"Is {word} here? {' '.join(listed)}", yes(there)


def _twice(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """The word that is there twice."""
    listed = _listed(text, following, other, rng)
    word = pick(listed, rng)
    listed.insert(int(rng.integers(len(listed) + 1)), word)
    return f"Which is there twice? {' '.join(listed)}", word


def _same(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Whether two lists are the same."""
    listed = _listed(text, following, other, rng)
    again, same = list(listed), rng.random() < 0.5 or len(listed) < 3
    if not same:
        again[int(rng.integers(len(listed) - 1))] = listed.pop()
        again.pop()
    return f"Are they the same? {' '.join(listed)} | {' '.join(again)}", yes(same)


DRILL: tuple[Exercise, ...] = (_say, _place, _after, _here, _twice, _same)
