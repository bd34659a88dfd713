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


def test_parts_are_scored_as_if_they_were_alone():
    golds = [["the old man walks down"], ["a small river sits there"], ["the river walks to a man"], ["down there"]]
    predictions = ["the old man walks down", "a small river and there", "the river walks to the man", "down there"]
    groups = ["seen/City/1", "unseen/Film/1", "seen/City/2", None]
    score = Bleu().score(predictions, golds, groups=groups)
    seen = Bleu().score([predictions[0], predictions[2]], [golds[0], golds[2]]).value
    assert score.details["BLEU seen"] == pytest.approx(seen)
    assert score.details["BLEU unseen"] == Bleu().score(predictions[1:2], golds[1:2]).value
    assert score.value == Bleu().score(predictions, golds).value
