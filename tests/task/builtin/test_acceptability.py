"""Each construction gives a pair of which one sentence is English."""

import random
from collections import Counter

import pytest

from deltalab.task.builtin.acceptability import CONSTRUCTIONS, draw


@pytest.mark.parametrize("construction", CONSTRUCTIONS, ids=lambda function: function.__name__.strip("_"))
def test_pairs_differ_and_no_sentence_is_both(construction):
    chance = random.Random(0)
    pairs = [construction(chance) for _ in range(3000)]
    assert all(right != wrong for right, wrong in pairs)
    assert not {right for right, _ in pairs} & {wrong for _, wrong in pairs}


def test_words_occur_on_both_sides():
    chance = random.Random(0)
    counts: dict[str, Counter[str]] = {"acceptable": Counter(), "unacceptable": Counter()}
    for _ in range(6000):
        text, label = draw(chance)
        counts[label].update(set(text.split()))
    often = [word for word, count in (counts["acceptable"] + counts["unacceptable"]).items() if count > 60]
    assert len(often) > 80
    for word in often:
        share = counts["acceptable"][word] / (counts["acceptable"][word] + counts["unacceptable"][word])
        assert 0.25 < share < 0.85, (word, share)
