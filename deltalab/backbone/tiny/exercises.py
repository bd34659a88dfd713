"""Exercises that plain sentences and lists of words set by themselves: a question in words, and a short answer.

None of them is a task of the suite; they teach to read a question, to look up words, and to answer and stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from transformers import PreTrainedTokenizerFast

from deltalab.backbone.batch import IGNORED
from deltalab.backbone.tiny.asking import Exercise, pick
from deltalab.backbone.tiny.corpus import Block, plain
from deltalab.backbone.tiny.reading import READING
from deltalab.backbone.tiny.spans import Ids, Pair
from deltalab.backbone.tiny.vocabulary import PAD
from deltalab.errors import UserError

__all__ = ["Exercises", "sentences"]

SHORTEST = 6  # words
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'])")


def sentences(blocks: Sequence[Block], longest: int = 28) -> list[str]:
    """Sentences of 6 to `longest` words, in the order of the text."""
    found = (sentence for block in blocks for paragraph in block for sentence in _END.split(paragraph))
    return [sentence for sentence in found if SHORTEST <= len(sentence.split()) <= longest]


class Exercises:
    """Rows of exercises over a list of sentences; every other one in `plain` spelling.

    All rows of a batch are of one of the `books`, for those of a book are about equally long.
    """

    def __init__(
        self,
        texts: Sequence[str],
        tokenizer: PreTrainedTokenizerFast,
        books: Sequence[Sequence[Exercise]] = (READING,),
    ) -> None:
        if len(texts) < 2:
            raise UserError(f"--task-share: exercises want at least 2 sentences of the text; it has {len(texts)}")
        self._texts, self._tokenizer, self._books = texts, tokenizer, books

    def take(self, count: int, rng: np.random.Generator) -> Pair:
        """`count` exercises, padded; padded targets are ignored by the loss."""
        book = pick(self._books, rng) if len(self._books) > 1 else self._books[0]
        asked = [self._one(book, rng) for _ in range(count)]
        inputs, targets = ([row[side] for row in asked] for side in (0, 1))
        answers = self._ids(targets)
        return Pair(self._ids(inputs), np.where(answers == PAD, IGNORED, answers))

    def _one(self, book: Sequence[Exercise], rng: np.random.Generator) -> tuple[str, str]:
        place, other_place = (int(i) for i in rng.integers(len(self._texts) - 1, size=2))
        exercise = pick(book, rng)
        text, following, other = self._texts[place], self._texts[place + 1], self._texts[other_place]
        if rng.random() < 0.5:
            text, following, other = plain(text), plain(following), plain(other)
        return exercise(text, following, other, rng)

    def _ids(self, texts: Sequence[str]) -> Ids:
        return np.asarray(self._tokenizer(texts, padding=True)["input_ids"], dtype=np.int64)
