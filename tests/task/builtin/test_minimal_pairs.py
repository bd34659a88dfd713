"""A grammarian who reads both sentences of a pair finds the right one."""

import random
import re

import pytest

from deltalab.task.builtin.make import RECIPES
from deltalab.task.builtin.vocabulary.people import FEMALE, FEMALE_NAMES, MALE, MALE_NAMES, PERSONS
from deltalab.task.builtin.vocabulary.things import THINGS, plural

ONE = set(PERSONS + THINGS)
MANY = {plural(noun) for noun in ONE}
SINGULAR_DETERMINERS = {"this", "that", "every", "each", "one", "another"}


def rows(name: str, count: int = 1500):
    """The sentences A and B without their marks, and the answer."""
    chance = random.Random(name)
    for _ in range(count):
        text, answer = RECIPES[name].draw(chance)
        yield *re.fullmatch(r"Sentence A: (.*)\. Sentence B: (.*)\.", text).groups(), answer


def only_difference(first: str, second: str) -> tuple[int, str, str]:
    """Where the sentences differ, in one word."""
    pairs = list(zip(first.split(), second.split(), strict=True))
    (place,) = (place for place, pair in enumerate(pairs) if pair[0] != pair[1])
    return place, *pairs[place]


def test_a_verb_agrees_with_the_head():
    attracted = 0
    for first, second, answer in rows("agreement_pairs"):
        place, *verbs = only_difference(first, second)
        head, between = first.split()[1], first.split()[2:place]
        assert (head in ONE) != (head in MANY)
        singular = [verb in ("has", "is", "was") or verb.endswith("s") for verb in verbs]
        assert sorted(singular) == [False, True]
        assert "AB"[singular.index(head in ONE)] == answer, (first, second)
        attracted += any(word in (MANY if head in ONE else ONE) for word in between)
    assert attracted > 300


def test_a_reflexive_agrees_with_the_head():
    def form(word: str) -> str:
        if word in MANY:
            return "themselves"
        assert (word in MALE + MALE_NAMES) != (word in FEMALE + FEMALE_NAMES)
        return "himself" if word in MALE + MALE_NAMES else "herself"

    attracted = 0
    for first, second, answer in rows("anaphor_pairs"):
        place, *forms = only_difference(first, second)
        told = first.removeprefix("The ").split()
        assert "AB"[forms.index(form(told[0]))] == answer, (first, second)
        wrong = forms["BA".index(answer)]
        nouns = {*MANY, *MALE, *MALE_NAMES, *FEMALE, *FEMALE_NAMES}
        attracted += any(word in nouns and form(word) == wrong for word in first.split()[2:place])
    assert attracted > 500


def test_a_determiner_agrees_with_its_noun():
    attracted = 0
    for first, second, answer in rows("determiner_pairs"):
        place, *determiners = only_difference(first, second)
        nouns = [word for word in first.split()[place:] if word in ONE | MANY]
        singular = [word in SINGULAR_DETERMINERS for word in determiners]
        assert "AB"[singular.index(nouns[0] in ONE)] == answer, (first, second)
        attracted += len(nouns) > 1 and (nouns[0] in ONE) != (nouns[1] in ONE)
    assert attracted > 200


def licensed(text: str) -> bool:
    """Whether a negation stands over `ever` or `any`; one inside a relative clause does not."""
    if " who has " in text:
        return text.startswith("No ")
    if " who " in text:
        return re.search(r"who (?!never |rarely )\w+ (never|rarely) \w+ any", text) is not None
    return re.search(r"\b(nobody|no|few|none|hardly|never|rarely)\b", text.lower()) is not None


def test_polarity():
    inside = 0
    for first, second, answer in rows("polarity_pairs"):
        assert re.search(r"\b(ever|any)\b", first)
        assert [licensed(first), licensed(second)] == [answer == "A", answer == "B"], (first, second)
        inside += sorted(first.lower().split()) == sorted(second.lower().split())
    assert inside > 500


@pytest.mark.parametrize("name", ["agreement_pairs", "anaphor_pairs", "determiner_pairs", "polarity_pairs"])
def test_every_pair_is_short(name):
    assert all(len(f"{first} {second}".split()) < 40 for first, second, _ in rows(name))
