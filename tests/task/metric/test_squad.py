"""Exact match and token F1 against definitions written out here."""

import random
import string
from collections import Counter

import pytest

from deltalab.task.metric.squad import QAF1, ExactMatch, normal

WORDS = ["the", "a", "Cat", "cat,", "sat", "on", "an", "old", "mat.", "mat"]


def plain(text: str) -> list[str]:
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return [word for word in kept.split() if word not in ("a", "an", "the")]


def f1(prediction: str, gold: str) -> float:
    p, g = plain(prediction), plain(gold)
    if not p or not g:
        return float(p == g)
    same = sum(min(Counter(p)[word], Counter(g)[word]) for word in set(p))
    return 2 * same / (len(p) + len(g))


def phrases(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 5)))


@pytest.mark.parametrize("seed", range(3))
def test_equal_the_definition(seed: int):
    chance = random.Random(seed)
    predictions = [phrases(chance) for _ in range(200)]
    references = [[phrases(chance) for _ in range(chance.randint(1, 3))] for _ in range(200)]
    pairs = list(zip(predictions, references, strict=True))
    exact = sum(any(plain(p) == plain(r) for r in row) for p, row in pairs) / 200
    overlap = sum(max(f1(p, r) for r in row) for p, row in pairs) / 200
    assert ExactMatch().score(predictions, references).value == pytest.approx(exact)
    assert QAF1().score(predictions, references).value == pytest.approx(overlap, abs=1e-7)


def test_normal():
    assert normal("  The negative. ") == "negative"
    assert normal("A man, an  apple & theatre") == "man apple theatre"
    assert ExactMatch().score(["the negative."], [["negative"]]).value == 1


def test_empty_sides():
    assert QAF1().score(["", "the", "x"], [["the"], ["x"], ["the"]]).value == pytest.approx(1 / 3)
    assert QAF1().score(["", "the", "x"], [["a"], ["x"], ["the"]]).details["unparsable"] == 2
