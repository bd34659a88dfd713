"""Exercises that plain sentences set by themselves: a question in words about a text, and a short answer.

None of them is a task of the suite; they teach to read a question, to look up words, and to answer and stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from transformers import PreTrainedTokenizerFast

from deltalab.backbone.batch import IGNORED
from deltalab.backbone.tiny.corpus import Block, plain
from deltalab.backbone.tiny.spans import Ids, Pair
from deltalab.backbone.tiny.vocabulary import PAD
from deltalab.errors import UserError

__all__ = ["Exercises", "sentences"]

SHORTEST, LONGEST = 6, 28  # words
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'])")


def sentences(blocks: Sequence[Block]) -> list[str]:
    """Sentences of 6 to 28 words, in the order of the text."""
    found = (sentence for block in blocks for paragraph in block for sentence in _END.split(paragraph))
    return [sentence for sentence in found if SHORTEST <= len(sentence.split()) <= LONGEST]


class Exercises:
    """Rows of exercises over a list of sentences; every other one in `plain` spelling."""

    def __init__(self, texts: Sequence[str], tokenizer: PreTrainedTokenizerFast) -> None:
        if len(texts) < 2:
            raise UserError(f"--task-share: exercises want at least 2 sentences of the text; it has {len(texts)}")
        self._texts, self._tokenizer = texts, tokenizer

    def take(self, count: int, rng: np.random.Generator) -> Pair:
        """`count` exercises, padded; padded targets are ignored by the loss."""
        asked = [self._one(rng) for _ in range(count)]
        inputs, targets = ([row[side] for row in asked] for side in (0, 1))
        answers = self._ids(targets)
        return Pair(self._ids(inputs), np.where(answers == PAD, IGNORED, answers))

    def _one(self, rng: np.random.Generator) -> tuple[str, str]:
        place, other_place = (int(i) for i in rng.integers(len(self._texts) - 1, size=2))
        kind = KINDS[int(rng.integers(len(KINDS)))]
        text, following, other = self._texts[place], self._texts[place + 1], self._texts[other_place]
        if rng.random() < 0.5:
            text, following, other = plain(text), plain(following), plain(other)
        return kind(text, following, other, rng)

    def _ids(self, texts: Sequence[str]) -> Ids:
        return np.asarray(self._tokenizer(texts, padding=True)["input_ids"], dtype=np.int64)


def _intact(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Two neighbouring words change places, one is dropped, or one comes from another text; or nothing happens."""
    parts, foreign = text.split(), other.split()
    intact = rng.random() < 0.5
    if not intact:
        at, kind = int(rng.integers(len(parts) - 1)), int(rng.integers(3))
        swapped, dropped = [parts[at + 1], parts[at]], [parts[at + 1]]
        parts[at : at + 2] = (swapped, dropped, [foreign[int(rng.integers(len(foreign)))], parts[at + 1]])[kind]
    return f"Is this sentence intact? {' '.join(parts)}", _yes(intact)


def _mentioned(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """A word of the text, or of another one."""
    own, foreign = _words(text), sorted(set(_words(other)) - set(_words(text)))
    word = _pick(own, rng) if rng.random() < 0.5 or not foreign else _pick(foreign, rng)
    return f"Does the text say {word}? {text}", _yes(word in own)


def _missing(text: str, _following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Which of two words was left out."""
    word, wrong = _pick(_words(text), rng), _pick(_words(other), rng)
    options = [word, wrong] if rng.random() < 0.5 else [wrong, word]
    gap = re.sub(rf"\b{re.escape(word)}\b", "_", text, count=1)
    return f"Which word is missing, {options[0]} or {options[1]}? {gap}", word


def _follows(text: str, following: str, other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Whether one text goes on with the other."""
    goes_on = rng.random() < 0.5
    return f"Does this go on? {text} | {following if goes_on else other}", _yes(goes_on)


def _next_word(text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
    """The word after a given one."""
    own = _words(text)
    at = int(rng.integers(len(own) - 1))
    return f"Which word comes after {own[at]}? {text}", own[at + 1]


def _earlier(text: str, _following: str, _other: str, rng: np.random.Generator) -> tuple[str, str]:
    """Which of two words of the text comes first."""
    own = list(dict.fromkeys([*_words(text), "end"]))
    first, second = sorted(rng.choice(len(own), size=2, replace=False).tolist())
    options = [own[first], own[second]] if rng.random() < 0.5 else [own[second], own[first]]
    return f"Which comes first, {options[0]} or {options[1]}? {text}", own[first]


Exercise = Callable[[str, str, str, np.random.Generator], tuple[str, str]]
KINDS: tuple[Exercise, ...] = (_intact, _mentioned, _missing, _follows, _next_word, _earlier)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text) or ["nothing", "said"]


def _pick(words: Sequence[str], rng: np.random.Generator) -> str:
    return words[int(rng.integers(len(words)))]


def _yes(true: bool) -> str:
    return "yes" if true else "no"
