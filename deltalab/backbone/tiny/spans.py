"""Two ways of making a question and its answer out of one row of tokens, without padding.

Span corruption hides about `rate` of the tokens in spans of `mean_span` on average; each hidden span leaves one
sentinel in the input, and the target lists sentinel and span in turn. All rows of a batch hide the same number of
tokens in the same number of spans, so inputs and targets are rectangles.
References: Raffel et al. 2020, arXiv:1910.10683; prefix-LM adaptation: Lester et al. 2021, arXiv:2104.08691.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ids", "Pair", "corrupt", "hidden_counts", "prefix"]

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Pair:
    """What the encoder reads and what the decoder must say: (rows, input length), (rows, target length)."""

    inputs: Ids
    targets: Ids


def hidden_counts(length: int, rate: float, mean_span: float, most: int) -> tuple[int, int]:
    """How many tokens of a row are hidden, and in how many spans; every span keeps a visible token on both sides."""
    tokens = max(1, min(round(length * rate), length - 2))
    spans = max(1, min(round(tokens / mean_span), tokens, length - tokens - 1, most))
    return tokens, spans


def corrupt(
    rows: Ids, sentinels: Sequence[int], eos: int, rng: np.random.Generator, rate: float = 0.15, mean_span: float = 3.0
) -> Pair:
    """Span corruption of every row, with its own spans."""
    length = rows.shape[1]
    tokens, spans = hidden_counts(length, rate, mean_span, len(sentinels))
    inputs, targets = [], []
    for row in rows:
        hidden = _composition(tokens, spans, rng)
        shown = _composition(length - tokens, spans + 1, rng)
        source, target = _one(row, shown, hidden, sentinels)
        inputs.append([*source, eos])
        targets.append([*target, eos])
    return Pair(np.asarray(inputs, dtype=np.int64), np.asarray(targets, dtype=np.int64))


def prefix(rows: Ids, eos: int, rng: np.random.Generator, shortest: int = 16, longest_target: int = 32) -> Pair:
    """The beginning of every row as input and what follows as target; the batch shares one random place to cut."""
    length = rows.shape[1]
    cut = int(rng.integers(min(shortest, length - 1), length))
    end = np.full((len(rows), 1), eos, dtype=np.int64)
    target = np.ascontiguousarray(rows[:, cut : cut + longest_target], dtype=np.int64)
    return Pair(np.concatenate([rows[:, :cut], end], axis=1), target)


def _composition(total: int, parts: int, rng: np.random.Generator) -> Ids:
    """`parts` positive numbers that add up to `total`, every such list being equally likely."""
    cuts = np.sort(rng.choice(total - 1, size=parts - 1, replace=False)) + 1
    return np.diff(np.concatenate([[0], cuts, [total]])).astype(np.int64)


def _one(row: Ids, shown: Ids, hidden: Ids, sentinels: Sequence[int]) -> tuple[list[int], list[int]]:
    source, target, at = [], [], 0
    for i, (seen, lost) in enumerate(zip(shown[:-1], hidden, strict=True)):
        source += [*row[at : at + seen].tolist(), sentinels[i]]
        target += [sentinels[i], *row[at + seen : at + seen + lost].tolist()]
        at += int(seen + lost)
    return source + row[at:].tolist(), target
