"""The questions on held-out text that every measurement of a run asks again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from transformers import PreTrainedTokenizerFast

from deltalab.backbone.tiny.asking import Exercise
from deltalab.backbone.tiny.corpus import Block
from deltalab.backbone.tiny.exercises import Exercises, sentences
from deltalab.backbone.tiny.spans import Ids, Pair, corrupt
from deltalab.backbone.tiny.stream import Tokens, encode
from deltalab.backbone.tiny.vocabulary import EOS, sentinel_ids
from deltalab.errors import UserError

__all__ = ["questions"]

ROWS = 128


def questions(
    blocks: Sequence[Block],
    tokenizer: PreTrainedTokenizerFast,
    length: int,
    books: Mapping[str, Sequence[Exercise]],
) -> dict[str, Pair]:
    """The first rows of the text with spans to fill, with a prefix to continue, and exercises; no seed enters."""
    texts, tokens = sentences(blocks), encode(blocks, tokenizer, spellings=1)
    asked = {
        name: Exercises(texts, tokenizer, (book,)).take(2 * ROWS, np.random.default_rng(0))
        for name, book in books.items()
        if texts[1:]
    }
    return {**_rows(tokens, length, sentinel_ids(tokenizer)), **asked}


def _rows(tokens: Tokens, length: int, sentinels: Sequence[int]) -> dict[str, Pair]:
    count = min(len(tokens) // length, ROWS)
    if not count:
        raise UserError(f"--text: the held-out part is shorter than one row of {length} tokens; give more text")
    rows = tokens[: count * length].reshape(count, length).astype(np.int64)
    filled = corrupt(rows, sentinels, EOS, np.random.default_rng(0))
    return {"spans": filled, "prefix": _continued(rows, min(32, length // 2))}


def _continued(rows: Ids, target: int) -> Pair:
    inputs = np.pad(rows[:, :-target], ((0, 0), (0, 1)), constant_values=EOS)
    return Pair(inputs, np.ascontiguousarray(rows[:, -target:]))
