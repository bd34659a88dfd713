"""The labels of inference against a little model theory: try every way the world could be."""

import random
from itertools import product

from deltalab.task.builtin.inference import LABELS, RELATIONS, draw, label

# what the specific event says holds (s) only where what the general one says (g) does; an other event is free (o)
WORLDS = [(g, s, o) for g, s, o in product((False, True), repeat=3) if g or not s]


def follows(premise: bool, hypothesis: bool, relation: str) -> str:
    """Truth of the hypothesis in all worlds where the premise is true."""
    told, asked = {"same": (0, 0), "general": (1, 0), "specific": (0, 1), "other": (0, 2)}[relation]
    truths = {world[asked] == hypothesis for world in WORLDS if world[told] == premise}
    return "neutral" if len(truths) == 2 else "entailment" if truths == {True} else "contradiction"


def test_the_table_is_what_logic_says():
    for premise, hypothesis, relation in product((True, False), (True, False), RELATIONS):
        assert label(premise, hypothesis, relation) == follows(premise, hypothesis, relation)


def test_polarity_alone_does_not_tell():
    chance = random.Random(0)
    seen: dict[tuple[bool, bool], set[str]] = {}
    for _ in range(3000):
        text, answer = draw(chance)
        premise, hypothesis = text.split(" Question: ")
        denied = ["did not" in part or "Nobody" in part for part in (premise, hypothesis)]
        seen.setdefault((denied[0], denied[1]), set()).add(answer)
    assert seen[True, True] == seen[False, False] == {"entailment", "neutral"}
    assert seen[True, False] == seen[False, True] == {"contradiction", "neutral"}
    assert set(LABELS) == set.union(*seen.values())


def test_examples_read_as_the_rules_say():
    chance = random.Random(1)
    for _ in range(2000):
        text, answer = draw(chance)
        premise, hypothesis = (part.rstrip(".") for part in text.split(" Question: "))
        if premise == hypothesis:
            assert answer == "entailment"
        elif hypothesis == premise.replace("The ", "Nobody did not ", 1):
            raise AssertionError(text)
        elif answer == "entailment" and "did not" not in premise:
            kept = [word for word in hypothesis.split() if word != "Somebody"]
            assert set(kept) < set(premise.split()), text
