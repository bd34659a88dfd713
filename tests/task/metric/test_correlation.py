"""Pearson and Spearman against scipy, and against a closed form for predictions that are no number."""

import math
import random

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from deltalab.errors import UserError
from deltalab.task.metric.correlation import Pearson, Spearman, number

BOTH = pytest.mark.parametrize("metric", [Pearson(), Spearman()], ids=lambda metric: metric.name)


def rows(values: list[float]) -> list[list[str]]:
    return [[str(value)] for value in values]


@pytest.mark.parametrize("seed", range(5))
def test_equal_scipy(seed: int):
    chance = random.Random(seed)
    golds = [round(chance.uniform(1, 5), 1) for _ in range(50)]
    predictions = [str(round(gold + chance.gauss(0, 1), 0)) for gold in golds]
    values = [float(prediction) for prediction in predictions]
    assert Pearson().score(predictions, rows(golds)).value == pytest.approx(pearsonr(values, golds)[0])
    assert Spearman().score(predictions, rows(golds)).value == pytest.approx(spearmanr(values, golds)[0], abs=1e-5)


def test_an_unparsable_prediction_shrinks_pearson_by_a_known_factor():
    chance = random.Random(1)
    golds = [chance.gauss(0, 1) for _ in range(40)]
    predictions = [str(gold + chance.gauss(0, 1)) for gold in golds]
    parsable = np.array([row % 4 != 0 for row in range(40)])
    spoilt = [text if ok else "no idea" for text, ok in zip(predictions, parsable, strict=True)]
    score = Pearson().score(spoilt, rows(golds))
    gold, read = np.array(golds)[parsable], np.array([float(p) for p in predictions])[parsable]
    inner = ((gold - gold.mean()) ** 2).sum() / ((np.array(golds) - np.mean(golds)) ** 2).sum()
    assert score.value == pytest.approx(pearsonr(read, gold)[0] * math.sqrt(inner))
    assert score.details["unparsable"] == 10
    assert score.details["unparsable_rate"] == 0.25


@BOTH
@pytest.mark.parametrize(
    "predictions",
    [["2", "2", "2"], ["x", "", "nan"], ["x", "3", "inf"], ["1e308", "1e308", "1e308"]],
    ids=["constant", "unparsable", "one left", "huge"],
)
def test_a_constant_prediction_is_zero(metric: Pearson, predictions: list[str]):
    assert metric.score(predictions, rows([1, 2, 3])).value == 0


@BOTH
def test_a_constant_gold_is_zero(metric: Pearson):
    assert metric.score(["1", "2", "3"], rows([4, 4, 4])).value == 0


@BOTH
@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1e300])
def test_any_scale_is_fine(metric: Pearson, scale: float):
    predictions = [repr(value * scale) for value in (1.0, 2.0, 3.0)]
    assert metric.score(predictions, rows([1, 2, 3])).value == pytest.approx(1, abs=1e-5)


@BOTH
def test_numbers_far_apart_stay_finite(metric: Pearson):
    assert -1 <= metric.score(["1e308", "-1e308", "1e-300", "5"], rows([1, 2, 3, 4])).value <= 1


@BOTH
def test_a_gold_that_is_no_number_is_the_users_mistake(metric: Pearson):
    with pytest.raises(UserError, match=r"task\.metric: .* needs outputs that are numbers, got 'positive'"):
        metric.score(["1"], [["positive"]])


def test_number_reads_finite_numbers_only():
    assert number(" -2.5 ") == -2.5
    assert [number(text) for text in ("", "nan", "inf", "1 2", "three")] == [None] * 5
