"""Span corruption loses nothing, hides what it says it hides, and says it in rectangles."""

from __future__ import annotations

import numpy as np
import pytest

from deltalab.backbone.tiny.spans import corrupt, hidden_counts, prefix

SENTINELS = list(range(900, 1000))
EOS = 1


def rows_of(count: int, length: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(3, 900, size=(count, length))


def rebuilt(source: list[int], target: list[int]) -> list[int]:
    """Independent of the code under test: read the target as a dictionary from sentinel to span, then fill in."""
    spans: dict[int, list[int]] = {}
    current: list[int] = []
    for token in target:
        if token in SENTINELS:
            current = spans.setdefault(token, [])
        else:
            current.append(token)
    return [token for item in source for token in spans.get(item, [item])]


@pytest.mark.parametrize("length", [32, 33, 128, 500])
def test_input_and_target_rebuild_the_row(length):
    rows = rows_of(20, length)
    pair = corrupt(rows, SENTINELS, EOS, np.random.default_rng(1))
    for row, source, target in zip(rows, pair.inputs, pair.targets, strict=True):
        assert source[-1] == EOS
        assert target[-1] == EOS
        assert rebuilt(source[:-1].tolist(), target[:-1].tolist()) == row.tolist()


def test_sentinels_appear_in_order_and_agree():
    pair = corrupt(rows_of(8, 128), SENTINELS, EOS, np.random.default_rng(2))
    for source, target in zip(pair.inputs, pair.targets, strict=True):
        marks = [token for token in source if token in SENTINELS]
        assert marks == [token for token in target if token in SENTINELS]
        assert marks == SENTINELS[: len(marks)]


def test_rate_and_mean_span():
    pair = corrupt(rows_of(400, 128), SENTINELS, EOS, np.random.default_rng(3))
    marks = np.isin(pair.targets, SENTINELS)
    hidden = (~marks & (pair.targets != EOS)).sum()
    assert hidden / (400 * 128) == pytest.approx(0.15, abs=0.01)
    assert hidden / marks.sum() == pytest.approx(3.0, abs=0.25)


def test_every_place_inside_a_row_is_hidden_about_equally_often():
    rows = np.tile(np.arange(3, 131), (3000, 1))
    pair = corrupt(rows, SENTINELS, EOS, np.random.default_rng(4))
    share = np.bincount(pair.targets[(pair.targets > 2) & (pair.targets < 900)] - 3, minlength=128) / 3000
    assert share[0] == share[-1] == 0  # every span has a visible neighbour on both sides
    assert share[8:-8].min() > 0.11
    assert share[8:-8].max() < 0.20


def test_span_lengths_vary():
    pair = corrupt(rows_of(200, 128), SENTINELS, EOS, np.random.default_rng(5))
    marks = np.flatnonzero(np.isin(pair.targets[:, :-1], SENTINELS).ravel())
    lengths = np.diff(marks) - 1
    assert {1, 2, 3, 4, 5, 6} <= set(lengths.tolist())


@pytest.mark.parametrize(("length", "most"), [(4, 100), (32, 100), (4000, 100), (64, 1)])
def test_counts_stay_possible(length, most):
    tokens, spans = hidden_counts(length, 0.15, 3.0, most)
    assert 1 <= spans <= min(tokens, most)
    assert spans + 1 <= length - tokens


def test_prefix_cuts_a_row_in_two():
    rows = rows_of(6, 64)
    for seed in range(30):
        pair = prefix(rows, EOS, np.random.default_rng(seed))
        assert (pair.inputs[:, -1] == EOS).all()
        assert 1 <= pair.targets.shape[1] <= 32
        joined = np.concatenate([pair.inputs[:, :-1], pair.targets], axis=1)
        assert np.array_equal(joined, rows[:, : joined.shape[1]])


def test_the_same_seed_gives_the_same_question():
    first, second = (corrupt(rows_of(4, 64), SENTINELS, EOS, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first.inputs, second.inputs)
    assert np.array_equal(first.targets, second.targets)
