"""The sentiment of a review follows from its structure."""

import random
import re

import pytest

from deltalab.task.builtin.make import RECIPES
from deltalab.task.builtin.sentiment import BAD, GOOD, MOVIE, RESTAURANT

CUES = re.compile(r"not|never|hardly|anything but|nobody", re.IGNORECASE)
VERBS = {"enjoy": 1, "love": 1, "like": 1, "praise": 1, "admire": 1}
VERBS |= {"hate": 0, "dislike": 0, "regret": 0, "despise": 0, "resent": 0}


def judge(clause: str, good: set[str], bad: set[str]) -> bool:
    """Read a clause: the last opinion word, turned round by a denial."""
    for word in reversed(re.findall(r"\w+", clause)):
        stem = next((verb for verb in VERBS if word in (verb, f"{verb}d", f"{verb}ed", f"{verb}ted")), None)
        if word in good | bad or stem is not None:
            positive = word in good if stem is None else bool(VERBS[stem])
            return positive != bool(CUES.search(clause))
    raise AssertionError(clause)


def decide(text: str, good: set[str], bad: set[str]) -> bool:
    """Read a review: drop the opening, then find the clause that decides."""
    text = re.sub(r"^(We (saw|came)|My \w+ had called|I came home|It had been)[^.]*\. ", "", text).rstrip(".")
    if match := re.fullmatch(r"Although .*?, (.*)", text):
        return judge(match[1], good, bad)
    if match := re.fullmatch(r"(.*?), (?:even though|although) .*", text):
        return judge(match[1], good, bad)
    for connective in (", but ", ". Still, ", "; all the same, "):
        if connective in text:
            return judge(text.split(connective)[1], good, bad)
    return judge(text.split(", and ")[0], good, bad)


@pytest.mark.parametrize(("name", "domain"), [("movie_sentiment", MOVIE), ("restaurant_sentiment", RESTAURANT)])
def test_a_reader_with_the_rules_is_always_right(name, domain):
    chance = random.Random(0)
    for _ in range(2000):
        text, label = RECIPES[name].draw(chance)
        assert decide(text, set(domain.good), set(domain.bad)) == (label == "positive"), text


def test_the_domains_share_part_of_their_words():
    shared = set(MOVIE.good + MOVIE.bad) & set(RESTAURANT.good + RESTAURANT.bad)
    assert shared == set(GOOD + BAD)
    assert not set(MOVIE.aspects) & set(RESTAURANT.aspects)
