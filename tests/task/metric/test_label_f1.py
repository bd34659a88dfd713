"""F1 of one label against scikit-learn."""

import random

import pytest
from sklearn.metrics import f1_score

from deltalab.errors import UserError
from deltalab.task.metric.label_f1 import LabelF1

LABELS = ["no", "yes"]


@pytest.mark.parametrize("seed", range(5))
def test_equals_sklearn(seed: int):
    chance = random.Random(seed)
    golds, predictions = (chance.choices(LABELS, weights=(3, 1), k=40) for _ in range(2))
    score = LabelF1("yes").score(predictions, [[gold] for gold in golds], LABELS)
    assert score.value == pytest.approx(f1_score(golds, predictions, pos_label="yes"), abs=1e-6)


def test_an_off_label_prediction_is_the_opposite_of_its_gold():
    golds, predictions = ["yes", "yes", "no", "no"], ["YES", "maybe", "maybe", "no"]
    score = LabelF1("yes").score(predictions, [[gold] for gold in golds], LABELS)
    assert score.value == pytest.approx(f1_score(golds, ["yes", "no", "yes", "no"], pos_label="yes"))
    assert score.details["unparsable"] == 2


def test_a_label_that_is_nowhere_scores_nothing():
    assert LabelF1("yes").score(["no"], [["no"]], LABELS).value == 0


def test_a_label_the_task_has_not():
    with pytest.raises(UserError, match=r"^task\.metric: unknown label 'yep'; did you mean yes"):
        LabelF1("yep").score(["no"], [["no"]], LABELS)
