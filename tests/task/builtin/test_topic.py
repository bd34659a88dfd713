"""The topic of a remark is that of the thing which is not set aside."""

import random
import re

import pytest

from deltalab.task.builtin.lexicon.news import NEWS
from deltalab.task.builtin.lexicon.school import SCHOOL
from deltalab.task.builtin.make import RECIPES
from deltalab.task.builtin.topic import LIFE

SET_ASIDE = (
    "not about",
    "not on",
    "not talk about",
    "not report on",
    "not study",
    "and not at all for",
    "and not",
    "never mentioned",
    "rather than about",
    "instead of",
    "forgot",
    "dropped",
    "skipped",
    "ignored",
    "tired of",
    "away from",
    "no interest in",
    "nothing about",
    "no more talk of",
    "closed the book on",
    "knew",
)
EVERY = pytest.mark.parametrize(
    ("name", "subjects", "least"), [("topic", LIFE, 0.5), ("news_topic", NEWS, 0.65), ("school_subject", SCHOOL, 0.65)]
)


@EVERY
def test_what_is_left_names_the_topic(name, subjects, least):
    chance = random.Random(0)
    homes = {thing: topic for topic, things in subjects.things.items() for thing in things}
    things = "|".join(sorted(map(re.escape, homes), key=len, reverse=True))
    dropped = re.compile(rf"\b(?:{'|'.join(SET_ASIDE)}) the (?:{things})\b", re.IGNORECASE)
    opposed = 0
    for _ in range(2000):
        text, topic = RECIPES[name].draw(chance)
        kept, count = dropped.subn("", text)
        assert {homes[thing] for thing in re.findall(rf"\bthe ({things})\b", kept)} == {topic}, text
        if count:
            foreign = {homes[thing] for thing in re.findall(rf"\bthe ({things})\b", text)} - {topic}
            assert len(foreign) == 1, text
        opposed += count
    assert least < opposed / 2000 < least + 0.2


@EVERY
def test_no_thing_has_two_topics(name, subjects, least):
    things = [thing for group in subjects.things.values() for thing in group]
    assert len(things) == len(set(things))
