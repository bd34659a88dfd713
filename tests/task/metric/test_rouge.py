"""ROUGE-L against the `rouge_score` package and against the longest common subsequence by definition."""

import random
import sys
from itertools import combinations

import pytest
from absl import logging
from rouge_score.rouge_scorer import RougeScorer

from deltalab.task.metric.rouge import RougeL

# what the package logs with closes the stream it found at import, pytest's, when Hydra sets up handlers of its own
logging.get_absl_handler().python_handler.stream = sys.__stderr__

WORDS = ["The", "cat,", "sat", "on", "an", "old", "mat!", "Again", "it", "rained", "42", "times."]


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_rouge_score_package(seed: int):
    chance = random.Random(seed)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(200)]
    references = [chance.sample(texts, chance.randint(1, 3)) for _ in range(100)]
    scorer = RougeScorer(["rougeL"])
    pairs = list(zip(texts[:100], references, strict=True))
    expected = sum(max(scorer.score(r, p)["rougeL"].fmeasure for r in row) for p, row in pairs) / 100
    assert RougeL().score(texts[:100], references).value == pytest.approx(expected, abs=1e-6)


def test_equals_the_definition():
    prediction, gold = ["d", "a", "b", "e", "c"], ["a", "x", "b", "c", "d"]
    length = max(
        n
        for n in range(6)
        if {tuple(prediction[i] for i in at) for at in combinations(range(5), n)}
        & {tuple(gold[i] for i in at) for at in combinations(range(5), n)}
    )
    assert RougeL().score([" ".join(prediction)], [[" ".join(gold)]]).value == pytest.approx(2 * length / 10)


def test_punctuation_alone_is_zero_on_either_side():
    score = RougeL().score(["?!", "a"], [["a"], ["..."]])
    assert score.value == 0
    assert score.details["unparsable"] == 1
