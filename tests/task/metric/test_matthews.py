"""Matthews correlation against scikit-learn."""

import random

import pytest
from sklearn.metrics import matthews_corrcoef

from deltalab.task.metric.matthews import Matthews

COLA = ["acceptable", "unacceptable"]


@pytest.mark.parametrize("seed", range(5))
def test_binary_equals_sklearn_on_acceptable_against_the_rest(seed: int):
    chance = random.Random(seed)
    golds = chance.choices(COLA, weights=(7, 3), k=80)
    predictions = [chance.choice([*COLA, "acceptable.", ""]) if chance.random() < 0.6 else gold for gold in golds]
    score = Matthews().score(predictions, [[gold] for gold in golds], COLA)
    expected = matthews_corrcoef([g == "acceptable" for g in golds], [p == "acceptable" for p in predictions])
    assert score.value == pytest.approx(expected, abs=1e-6)
    assert score.details["unparsable"] == sum(p not in COLA for p in predictions)


@pytest.mark.parametrize("seed", range(5))
def test_several_classes_equal_sklearn(seed: int):
    chance = random.Random(seed)
    labels = ["a", "b", "c"]
    golds = chance.choices(labels, k=60)
    predictions = [chance.choice([*labels, "d"]) if chance.random() < 0.5 else gold for gold in golds]
    score = Matthews().score(predictions, [[gold] for gold in golds], labels)
    assert score.value == pytest.approx(matthews_corrcoef(golds, predictions), abs=1e-6)


@pytest.mark.parametrize(
    ("predictions", "golds"),
    [
        (["acceptable"] * 3, ["acceptable", "unacceptable", "acceptable"]),
        (["acceptable", "unacceptable"], ["acceptable", "acceptable"]),
        (["acceptable"] * 2, ["acceptable"] * 2),
        (["unacceptable"] * 2, ["acceptable"] * 2),
    ],
)
def test_one_class_on_a_side_is_zero(predictions: list[str], golds: list[str]):
    assert Matthews().score(predictions, [[gold] for gold in golds], COLA).value == 0


def test_opposite_is_minus_one():
    assert Matthews().score(COLA, [[COLA[1]], [COLA[0]]], COLA).value == pytest.approx(-1)
