"""Exercises in meaning: words, their sorts, kin and opposites, alone and in sentences."""

from __future__ import annotations

from typing import final

import numpy as np

from deltalab.backbone.tiny.asking import Exercise, options, pick, put, words_of, yes
from deltalab.backbone.tiny.wordnet import Entry, WordNet

__all__ = ["meaning"]

LONGEST = 16  # words of a gloss


def meaning(wordnet: WordNet) -> tuple[Exercise, ...]:
    """Exercises on the first meanings of words."""
    asks = _Meaning(wordnet)
    return asks.sort, asks.gloss, asks.kind, asks.kin, asks.rephrased


@final
class _Meaning:
    """The entries, and those of them that have what a question is about."""

    def __init__(self, wordnet: WordNet) -> None:
        self._all = list(wordnet.entries)
        self._told = [entry for entry in self._all if 1 < len(entry.gloss.split()) <= LONGEST] or self._all
        self._above = [entry for entry in self._all if entry.above]
        self._same = [entry for entry in self._all if entry.same]
        self._opposite = [entry for entry in self._all if entry.opposite]
        self._known = {entry.word: entry for entry in [*self._same, *self._opposite]}

    def sort(self, _text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
        """The sort of a word."""
        entry, other = pick(self._all, rng), pick(self._all, rng)
        if rng.random() < 0.5:
            return f"What sort of word is {entry.word}?", entry.sort
        return f"Is {entry.word} a word for {options(entry.sort, other.sort, rng)}?", entry.sort

    def gloss(self, _text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Which of two words has a gloss."""
        entry, other = pick(self._told, rng), pick(self._told, rng)
        return f"Which word means {entry.gloss}, {options(entry.word, other.word, rng)}?", entry.word

    def kind(self, text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Whether one word names a kind of another."""
        if not self._above:
            return self.sort(text, following, other, rng)
        entry, stranger = pick(self._above, rng), pick(self._above, rng)
        named = pick((entry if rng.random() < 0.5 else stranger).above, rng)
        return f"Is {entry.word} a kind of {named}?", yes(named in entry.above)

    def kin(self, text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Which of two words means the same, or the opposite."""
        asked, entries = ("the opposite of", self._opposite) if rng.random() < 0.5 else ("the same as", self._same)
        if not entries:
            return self.sort(text, following, other, rng)
        entry = pick(entries, rng)
        right, wrong = (entry.opposite, entry.same) if entries is self._opposite else (entry.same, entry.opposite)
        near = bool(wrong) and rng.random() < 0.5
        beside, answer = pick(wrong, rng) if near else pick(self._all, rng).word, pick(right, rng)
        return f"Which means {asked} {entry.word}, {options(answer, beside, rng)}?", answer

    def rephrased(self, text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
        """Whether a sentence means the same with a word exchanged for its kin or its opposite."""
        entry = self._mentioned(text, rng)
        if entry is None:
            return self.kin(text, following, other, rng)
        like = bool(entry.same) and (rng.random() < 0.5 or not entry.opposite)
        new = pick(entry.same if like else entry.opposite, rng)
        return f"Do they mean the same? First: {text} Second: {put(text, entry.word, new)}", yes(like)

    def _mentioned(self, text: str, rng: np.random.Generator) -> Entry | None:
        """A word of the text; one that has an opposite, if any does, as often as one that has not."""
        known = [self._known[word] for word in words_of(text) if word in self._known]
        turning = [entry for entry in known if entry.opposite]
        if turning and rng.random() < 0.75:
            known = turning
        return pick(known, rng) if known else None
