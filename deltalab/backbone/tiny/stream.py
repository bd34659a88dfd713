"""Rows of tokens for every step, as a pure function of the seed and the step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from deltalab.backbone.tiny.corpus import Block, plain
from deltalab.backbone.tiny.spans import Ids
from deltalab.errors import UserError

__all__ = ["RowStream", "Tokens", "encode", "encoded_once"]

Tokens = NDArray[np.uint16]


class RowStream:
    """An endless shuffled sequence of rows cut from one long line of tokens; every epoch cuts at other places."""

    def __init__(self, tokens: Tokens, length: int, seed: int) -> None:
        if len(tokens) < 2 * length:
            raise UserError(f"--text: {len(tokens)} tokens are too few for rows of {length}; give more text")
        self._tokens, self._length, self._seed = tokens, length, seed
        self._rows = len(tokens) // length - 1
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def __len__(self) -> int:
        """Rows in one epoch."""
        return self._rows

    def take(self, start: int, count: int) -> Ids:
        """Rows `start` to `start + count` of the endless sequence: (count, length)."""
        return np.stack([self._row(number) for number in range(start, start + count)])

    def _row(self, number: int) -> Ids:
        epoch, place = divmod(number, self._rows)
        order, offset = self._order(epoch)
        at = int(order[place]) * self._length + offset
        return self._tokens[at : at + self._length].astype(np.int64)

    def _shuffled(self, epoch: int) -> tuple[NDArray[np.int64], int]:
        rng = np.random.default_rng([self._seed, epoch])
        return rng.permutation(self._rows), int(rng.integers(self._length))


def encode(blocks: Sequence[Block], tokenizer: PreTrainedTokenizerFast, spellings: int = 2) -> Tokens:
    """One line of tokens with `</s>` after each paragraph; with two spellings, every block once more in `plain`."""
    pieces: list[Tokens] = []
    for block in blocks:
        texts = block + [plain(paragraph) for paragraph in block] if spellings == 2 else block
        ids = tokenizer(texts, verbose=False)["input_ids"]
        pieces.extend(np.asarray(row, dtype=np.uint16) for row in ids)
    return np.concatenate(pieces)


def encoded_once(path: Path, blocks: Sequence[Block], tokenizer: PreTrainedTokenizerFast) -> Tokens:
    """`encode`, kept in a file beside the checkpoint so that a resumed run need not repeat it."""
    if not path.exists():
        partial = path.with_suffix(".partial.npy")
        np.save(partial, encode(blocks, tokenizer))
        os.replace(partial, path)
    return np.load(path)
