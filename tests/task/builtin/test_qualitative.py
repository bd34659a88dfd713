"""The answer follows from the direction of the change and the sign of the relation, told or known."""

import random
import re
from collections import Counter

from deltalab.task.builtin.qualitative import draw
from deltalab.task.builtin.relations import RELATIONS

UP = {word: True for relation in RELATIONS for word in (relation.scale.higher, f"less {relation.scale.low}")}
DOWN = {word: False for relation in RELATIONS for word in (relation.scale.lower, f"less {relation.scale.high}")}
SIGNS = {(relation.cause, relation.effect, relation.quality): relation.rises for relation in RELATIONS}


def direction(text: str) -> bool:
    """Where the change goes: the longest word or denial of the scales in the text."""
    found = [word for word in UP | DOWN if re.search(rf"\b{word}\b", text)]
    return (UP | DOWN)[max(found, key=len)]


def test_told_relations_answer_by_themselves():
    chance, told = random.Random(0), 0
    for _ in range(3000):
        text, answer = draw(chance)
        match = re.match(r"When (.*?), (.*?) is (more|less) (.*?)\. ", text)
        if match:
            told += 1
            same = direction(match[1]) == direction(re.split(r"more or less", text[match.end() :])[0])
            assert answer == (match[3] if same else {"more": "less", "less": "more"}[match[3]]), text
    assert 1300 < told < 1700


def test_relations_that_are_not_told_are_in_the_table():
    chance = random.Random(1)
    for _ in range(3000):
        text, answer = draw(chance)
        question = re.sub(r"^When .*?\. ", "", text)
        signs = {
            sign
            for (cause, effect, quality), sign in SIGNS.items()
            if cause in question.lower() and f"{effect} " in question and f"more or less {quality}?" in question
        }
        (sign,) = signs
        assert (direction(question.split("more or less")[0]) == sign) == (answer == "more"), text


def test_no_scale_leans_to_a_side():
    assert len(RELATIONS) == len(SIGNS) >= 60
    counts = Counter((relation.scale, relation.rises) for relation in RELATIONS)
    assert all(counts[scale, True] == counts[scale, False] == 4 for scale, _ in counts)


def test_some_relations_that_everybody_knows():
    known = {("a hill", "exhausted"): True, ("a wall", "noticeable"): False, ("the sun", "permanent"): False}
    known |= {("a lamp", "readable"): True, ("a tyre", "reliable"): True, ("a thorn", "painless"): False}
    assert known.items() <= {(cause, quality): sign for (cause, _, quality), sign in SIGNS.items()}.items()
