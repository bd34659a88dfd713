"""What every metric owes, whatever it measures."""

import pytest

from deltalab.task.metric import Metric, Score
from deltalab.task.metric.crossfit import METRICS

GOLDS = {
    "class": ["acceptable", "unacceptable", "acceptable", "unacceptable"],
    "number": ["1", "2.5", "-3", "4"],
    "text": ["a red ship sails home", "two birds", "the sea", "home again"],
}
EVERY = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


@EVERY
def test_perfect_is_one(metric: Metric):
    golds = GOLDS[metric.kind]
    score = metric.score(golds, [[gold] for gold in golds], sorted(set(golds)))
    assert score.value == pytest.approx(1, abs=1e-5)
    assert score.details["rows"] == 4
    assert score.details["unparsable"] == score.details["unparsable_rate"] == 0


@EVERY
def test_empty_predictions_are_counted_and_finite(metric: Metric):
    golds = GOLDS[metric.kind]
    score = metric.score([""] * 4, [[gold] for gold in golds], sorted(set(golds)))
    assert score.value == 0
    assert score.details["unparsable"] == 4
    assert score.details["unparsable_rate"] == 1


@EVERY
def test_order_of_rows_does_not_matter(metric: Metric):
    golds, predictions = GOLDS[metric.kind], [*GOLDS[metric.kind][1:], "x"]
    labels = sorted(set(golds))
    forward = metric.score(predictions, [[gold] for gold in golds], labels)
    backward = metric.score(predictions[::-1], [[gold] for gold in golds[::-1]], labels)
    assert forward.value == pytest.approx(backward.value)


@EVERY
def test_one_row_is_enough(metric: Metric):
    gold = GOLDS[metric.kind][0]
    assert -1 <= metric.score([gold], [[gold]], [gold]).value <= 1


@EVERY
def test_rows_must_match(metric: Metric):
    with pytest.raises(ValueError, match="2 predictions for 1 rows"):
        metric.score(["a", "b"], [["a"]])
    with pytest.raises(ValueError, match="at least one row"):
        metric.score([], [])
    with pytest.raises(ValueError, match="a reference"):
        metric.score(["a"], [[]])


def test_a_score_is_never_nan():
    with pytest.raises(ValueError, match="finite"):
        Score(float("nan"))
