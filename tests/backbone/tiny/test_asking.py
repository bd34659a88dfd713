"""How exercises are written, and how one is asked many times in the tests of each book."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from deltalab.backbone.tiny.asking import options, pick, put, words_of

TEXTS = (
    "The old captain sailed toward the harbour.",
    "It was raining and nobody saw the young sailor.",
    "Light fell quietly on a boat because morning had come.",
    "Seven horses stood behind our garden wall.",
)


def asked(exercise, texts=TEXTS, times=300):
    """`times` texts, the one after each, and the exercise on it."""
    rng = np.random.default_rng(0)
    for _ in range(times):
        i, j = (int(n) for n in rng.integers(len(texts) - 1, size=2))
        question, answer = exercise(texts[i], texts[i + 1], texts[j], rng)
        yield texts[i], texts[i + 1], question, answer


def test_each_thing_is_as_likely():
    rng = np.random.default_rng(0)
    counts = Counter(pick("abc", rng) for _ in range(3000))
    assert all(900 < counts[letter] < 1100 for letter in "abc")


def test_options_come_in_either_order():
    rng = np.random.default_rng(0)
    assert {options("tea", "milk", rng) for _ in range(50)} == {"tea or milk", "milk or tea"}


def test_put_changes_a_whole_word_once():
    assert put("an ant ate an ant", "ant", r"\1") == r"an \1 ate an ant"
    assert words_of("Don't, she said: 12!") == re.split(" ", "Don t she said 12")
    assert words_of("?!")
