"""Groups without a mistake against a loop over the groups."""

import random

import pytest

from deltalab.task.metric.group_exact_match import GroupExactMatch

LABELS = ["0", "1"]


@pytest.mark.parametrize("seed", range(5))
def test_equals_a_loop(seed: int):
    chance = random.Random(seed)
    golds, groups = chance.choices(LABELS, k=50), chance.choices("abcdefghij", k=50)
    predictions = [gold if chance.random() < 0.9 else chance.choice(["0", "1", "x"]) for gold in golds]
    answered = list(zip(predictions, golds, groups, strict=True))
    whole = [all(text == gold for text, gold, of in answered if of == group) for group in set(groups)]
    score = GroupExactMatch().score(predictions, [[gold] for gold in golds], LABELS, groups)
    assert score.value == pytest.approx(sum(whole) / len(whole))
    assert score.details["groups"] == len(whole)


def test_rows_without_a_group_stand_alone():
    score = GroupExactMatch().score(["1", "0", "0"], [["1"], ["1"], ["0"]], LABELS, ["q", "q", None])
    assert score.value == 0.5
    assert GroupExactMatch().score(["1", "0", "0"], [["1"], ["1"], ["0"]], LABELS).value == pytest.approx(2 / 3)


def test_groups_must_match_rows():
    with pytest.raises(ValueError, match="1 predictions for 1 rows"):
        GroupExactMatch().score(["1"], [["1"]], LABELS, ["a", "b"])
