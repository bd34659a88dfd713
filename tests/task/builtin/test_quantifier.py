"""The labels of quantifier inference against a little model theory: count in every way the world could be."""

import random
import re
from collections import Counter
from fractions import Fraction
from itertools import product

import pytest

from deltalab.task.builtin.lexicon.classes import CLASSES
from deltalab.task.builtin.quantifier import CELLS, LABELS, QUANTIFIERS, TABLES, draw

TRUTH = {
    "all": lambda share: share == 1,
    "most": lambda share: share > Fraction(1, 2),
    "some": lambda share: share > 0,
    "few": lambda share: 0 < share < Fraction(1, 2),
    "no": lambda share: share == 0,
    "not all": lambda share: share < 1,
}
# sizes of a class and of the rest of the wider one, and how many of each the predicate holds for
WORLDS = [
    (Fraction(inside, narrow), Fraction(inside + outside, narrow + rest))
    for narrow, rest in product(range(1, 6), repeat=2)
    for inside, outside in product(range(narrow + 1), range(rest + 1))
]
SURFACES = {surface: name for name, surfaces in QUANTIFIERS.items() for surface in surfaces}
QUANTIFIED = re.compile(f"({'|'.join(sorted(SURFACES, key=len, reverse=True))}) (.*)", re.IGNORECASE)


def follows(relation: str, premise: str, hypothesis: str) -> str:
    """Truth of the hypothesis in all worlds where the premise is true."""
    told, asked = {"same": (1, 1), "narrower": (1, 0), "wider": (0, 1)}[relation]
    truths = {TRUTH[hypothesis](world[asked]) for world in WORLDS if TRUTH[premise](world[told])}
    return "neutral" if len(truths) == 2 else "entailment" if truths == {True} else "contradiction"


def parse(statement: str) -> tuple[str, str, str]:
    """Read a statement: quantifier, noun, and the rest."""
    match = QUANTIFIED.fullmatch(statement)
    assert match, statement
    quantifier = SURFACES[match[1].lower()]
    for group in CLASSES:
        for place in group.places:
            noun, found, rest = match[2].partition(f" {place} ")
            if found and noun.split()[-1] in (group.general, *group.kinds):
                return quantifier, noun, place + rest
    raise AssertionError(statement)


def relate(told: str, asked: str) -> str:
    """How the class of the hypothesis lies to that of the premise."""
    if told == asked:
        return "same"
    general = {group.general for group in CLASSES}
    if asked.endswith(told) or (told in general and " " not in asked):
        return "narrower"
    assert told.endswith(asked) or (asked in general and " " not in told), (told, asked)
    return "wider"


@pytest.mark.parametrize("relation", TABLES)
def test_the_tables_are_what_logic_says(relation):
    for premise, row in TABLES[relation].items():
        for hypothesis, letter in zip(QUANTIFIERS, row, strict=True):
            assert letter == follows(relation, premise, hypothesis)[0], (relation, premise, hypothesis)


def test_examples_read_as_the_worlds_say():
    chance = random.Random(0)
    others, relations = 0, Counter()
    for _ in range(3000):
        text, label = draw(chance)
        match = re.fullmatch(r"Premise: (.*)\. Hypothesis: (.*)\.", text)
        assert match, text
        (premise, told, said), (hypothesis, asked, questioned) = map(parse, match.groups())
        relation = relate(told, asked)
        others += said != questioned
        relations[relation] += 1
        assert label == (follows(relation, premise, hypothesis) if said == questioned else "neutral"), text
    assert 0.08 < others / 3000 < 0.16
    assert min(relations.values()) > 600


def test_no_quantifier_of_a_hypothesis_tells_the_label():
    for quantifier in QUANTIFIERS:
        labels = [label for label in LABELS for cell in CELLS[label] if cell[2] == quantifier]
        assert set(labels) >= {"entailment", "neutral"} or set(labels) >= {"contradiction", "neutral"}
        assert max(Counter(labels).values()) / len(labels) < 0.8
