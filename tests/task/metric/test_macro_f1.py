"""Macro F1 against scikit-learn, which is told the label set and to leave undefined classes out."""

import random

import numpy as np
import pytest
from sklearn.metrics import f1_score

from deltalab.task.metric.macro_f1 import MacroF1

LABELS = ["anger", "joy", "fear", "love"]


def reference(predictions: list[str], golds: list[str], labels: list[str] = LABELS) -> float:
    return f1_score(golds, predictions, labels=labels, average="macro", zero_division=np.nan)


@pytest.mark.parametrize("seed", range(5))
def test_equals_sklearn(seed: int):
    chance = random.Random(seed)
    golds = chance.choices(LABELS, weights=(6, 3, 2, 1), k=60)
    predictions = [chance.choice(LABELS) if chance.random() < 0.5 else gold for gold in golds]
    score = MacroF1().score(predictions, [[gold] for gold in golds], LABELS)
    assert score.value == pytest.approx(reference(predictions, golds), abs=1e-6)


def test_an_off_label_prediction_is_a_miss_and_no_class():
    golds = ["joy", "joy", "fear", "fear"]
    predictions = ["joy", "sunshine", "fear", "fear"]
    score = MacroF1().score(predictions, [[gold] for gold in golds], LABELS)
    assert score.value == pytest.approx((2 / 3 + 1) / 2)
    assert score.value == pytest.approx(reference(predictions, golds))
    assert score.details["unparsable"] == 1
    assert score.details["classes"] == 2


def test_a_gold_label_never_seen_in_train_is_a_false_alarm():
    golds, predictions = ["joy", "hope"], ["joy", "joy"]
    score = MacroF1().score(predictions, [[gold] for gold in golds], LABELS)
    assert score.value == pytest.approx(2 / 3)
    assert score.value == pytest.approx(reference(predictions, golds))


def test_a_class_predicted_but_never_gold_counts_zero():
    golds, predictions = ["joy", "joy"], ["joy", "love"]
    score = MacroF1().score(predictions, [[gold] for gold in golds], LABELS)
    assert score.value == pytest.approx((2 / 3 + 0) / 2)
    assert score.value == pytest.approx(reference(predictions, golds))


def test_perfect_on_a_subset_is_one():
    assert MacroF1().score(["joy"], [["joy"]], LABELS).value == 1


def test_nothing_on_the_label_set_is_zero():
    assert MacroF1().score(["x"], [["y"]], LABELS).value == 0


def test_several_references_and_no_label_set():
    score = MacroF1().score(["Joy", "fear"], [["fear", "joy"], ["fear"]])
    assert score.value == 1  # joy was never a first reference, so the classes are fear alone: and it has no error
    score = MacroF1().score(["joy", "fear"], [["fear", "joy"], ["joy"]], ["fear", "joy"])
    assert score.value == pytest.approx(reference(["joy", "fear"], ["joy", "joy"], ["fear", "joy"]))
