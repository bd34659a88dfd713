"""The sentiment of a review follows from its structure."""

import random
import re
from itertools import combinations

import pytest

from deltalab.task.builtin.lexicon.opinion import BAD, DISLIKED, GOOD, LIKED
from deltalab.task.builtin.make import RECIPES
from deltalab.task.builtin.sentiment import DOMAINS

CUES = re.compile(r"\b(not|never|hardly|anything but|nobody|far from|don't)\b", re.IGNORECASE)
VERBS = {form: True for pair in LIKED for form in pair.split()} | {form: False for p in DISLIKED for form in p.split()}
EVERY = pytest.mark.parametrize("name", DOMAINS)


def judge(clause: str, good: set[str], bad: set[str]) -> bool:
    """Read a clause: its one opinion word, turned round by a denial."""
    found = [word for word in re.findall(r"[\w-]+", clause) if word in good | bad or word in VERBS]
    assert len(found) == 1, clause
    positive = found[0] in good or VERBS.get(found[0], False)
    return positive != bool(CUES.search(clause))


def decide(text: str, good: set[str], bad: set[str]) -> bool:
    """Read a review without its opening: find the clause that decides."""
    if match := re.fullmatch(r"Although .*?, (.*)", text):
        return judge(match[1], good, bad)
    if match := re.fullmatch(r"(.*?), (?:even though|although) .*", text):
        return judge(match[1], good, bad)
    for connective in (", but ", ". Still, ", "; all the same, "):
        if connective in text:
            return judge(text.split(connective)[1], good, bad)
    return judge(text.split(", and ")[0], good, bad)


@EVERY
def test_a_reader_with_the_rules_is_always_right(name):
    domain, chance, opened, turned = DOMAINS[name], random.Random(0), 0, 0
    for _ in range(2000):
        text, label = RECIPES[f"{name}_sentiment"].draw(chance)
        first, _, rest = text.partition(". ")
        opening = not any(aspect in first.lower() for aspect in domain.aspects)
        review = (rest if opening else text).rstrip(".")
        assert decide(review, set(domain.good), set(domain.bad)) == (label == "positive"), text
        opened += opening
        turned += bool(re.search(r"but (?!\w+$)|although|though|Still|all the same", review, re.IGNORECASE))
    assert 0.2 < opened / 2000 < 0.3
    assert 0.2 < turned / 2000 < 0.35


def test_the_domains_share_part_of_their_words():
    for one, other in combinations(DOMAINS.values(), 2):
        assert set(GOOD + BAD) <= set(one.good + one.bad) & set(other.good + other.bad)
        assert len(set(one.aspects) & set(other.aspects)) < 10
        assert set(one.good + one.bad) - set(other.good + other.bad)


@EVERY
def test_a_domain_is_rich_and_no_word_is_praise_and_blame(name):
    domain = DOMAINS[name]
    assert min(len(set(pool)) for pool in (domain.aspects, domain.good, domain.bad)) >= 60
    assert not set(domain.good) & set(domain.bad)
    assert len(set(domain.aspects)) == len(domain.aspects)
