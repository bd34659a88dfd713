"""Accuracy against counting by hand."""

import random

import pytest

from deltalab.task.metric.accuracy import Accuracy


def test_equals_a_naive_count():
    chance = random.Random(0)
    words = ["yes", "no", "maybe", "off"]
    predictions = [chance.choice(words) for _ in range(300)]
    references = [chance.sample(words[:3], chance.choice((1, 2))) for _ in range(300)]
    score = Accuracy().score(predictions, references, words[:3])
    naive = sum(any(p == r for r in row) for p, row in zip(predictions, references, strict=True)) / 300
    assert score.value == pytest.approx(naive)
    assert score.details["unparsable"] == predictions.count("off")


def test_compares_stripped_lower_case_and_nothing_else():
    assert Accuracy().score([" Negative\n"], [["negative"]]).value == 1
    assert Accuracy().score(["the negative."], [["negative"]]).value == 0


def test_any_reference_will_do():
    assert Accuracy().score(["b", "c"], [["a", "b"], ["a", "b"]]).value == 0.5


def test_free_text_counts_empty_predictions():
    assert Accuracy().score(["", "an apple"], [["pear"], ["fig"]]).details["unparsable"] == 1
