"""Several metrics in one score."""

import pytest

from deltalab.errors import UserError
from deltalab.task.metric import metric_named

GOLDS, PREDICTIONS, LABELS = ["yes", "no", "no", "no"], ["yes", "yes", "no", "maybe"], ["no", "yes"]
ROWS = [[gold] for gold in GOLDS]
F1, ACC = 2 / (2 + 2), 2 / 4  # one hit, false alarms from "yes" and "maybe"; two of four right


def test_the_first_with_the_others_in_its_details():
    score = metric_named("F1:yes/acc").score(PREDICTIONS, ROWS, LABELS)
    assert score.value == pytest.approx(F1)
    assert score.details["ACC"] == pytest.approx(ACC)
    assert score.details["unparsable"] == 1


def test_the_mean():
    metric = metric_named("Classification-F1+ACC")
    assert metric.name == "Classification-F1+ACC"
    macro = (2 / 3 + 2 / 4) / 2  # yes: a hit and a false alarm; no: a hit and two misses
    assert metric.score(PREDICTIONS, ROWS, LABELS).value == pytest.approx((macro + ACC) / 2)


def test_groups_reach_every_part():
    score = metric_named("ACC/Group-EM").score(PREDICTIONS, ROWS, LABELS, ["a", "b", "b", "b"])
    assert score.details["Group-EM"] == 0.5


def test_mistakes():
    with pytest.raises(UserError, match=r"task\.metric: 'ACC\+Pearson-Correlation' takes outputs of one kind"):
        metric_named("ACC+pearson")
    with pytest.raises(UserError, match=r"^task\.metric: unknown metric 'acuracy'"):
        metric_named("EM/acuracy")
