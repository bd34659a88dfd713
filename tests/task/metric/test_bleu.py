"""BLEU against nltk."""

import random

import pytest

from deltalab.task.metric.bleu import Bleu

WORDS = ["the", "old", "man", "walks", "down", "to", "a", "small", "river", "and", "sits", "there"]


@pytest.mark.parametrize("seed", range(5))
def test_equals_nltk(seed: int):
    translate = pytest.importorskip("nltk.translate.bleu_score")
    chance = random.Random(seed)
    golds = [[" ".join(chance.sample(WORDS, 8)) for _ in range(chance.randint(1, 3))] for _ in range(12)]
    predictions = [" ".join([*row[0].split()[: chance.randint(5, 8)], chance.choice(WORDS)]) for row in golds]
    split = [[reference.split() for reference in row] for row in golds]
    expected = translate.corpus_bleu(split, [prediction.split() for prediction in predictions])
    assert 0.1 < expected < 0.99
    assert Bleu().score(predictions, golds).value == pytest.approx(expected, abs=1e-5)
