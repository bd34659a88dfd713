"""A grammarian reads the questions."""

import random
import re
from collections import Counter

from deltalab.task.builtin.questions import draw
from deltalab.task.builtin.vocabulary.deeds import DEEDS
from deltalab.task.builtin.vocabulary.things import THINGS

AUXILIARIES = ("did", "will", "can", "must", "should", "could", "would", "may")
BASES, PASTS = {deed.base for deed in DEEDS}, {deed.past for deed in DEEDS}


def acceptable(text: str) -> bool:
    first, second, *rest = text.rstrip("?").split()
    first = first.lower()
    thing = any(word in THINGS for word in re.sub(r" in the \w+\?$", "", text).rstrip("?").split())
    if text.endswith("."):
        return re.search(rf" (what|where|when|why|how) ({'|'.join(AUXILIARIES)}) ", text) is None
    if first == "who":
        return second in PASTS
    if second in THINGS:
        return True
    if first == "what":
        return second in AUXILIARIES and not thing
    if first in ("where", "when", "why", "how"):
        return second in AUXILIARIES
    return first in AUXILIARIES and thing and any(word in BASES for word in (second, *rest))


def test_a_grammarian_agrees():
    chance = random.Random(0)
    for _ in range(4000):
        text, label = draw(chance)
        assert acceptable(text) == (label == "acceptable"), text


def test_every_opening_is_right_in_some_rows_and_wrong_in_others():
    chance = random.Random(1)
    seen = Counter()
    for _ in range(4000):
        text, label = draw(chance)
        seen[text.split()[0].lower(), label] += 1
    for word in ("what", "which", "who", "did", "where", "why", "nobody", "will"):
        assert 0.3 < seen[word, "acceptable"] / (seen[word, "acceptable"] + seen[word, "unacceptable"]) < 0.7, word
