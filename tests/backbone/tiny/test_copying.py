"""Exercises in copying are true of their texts."""

from __future__ import annotations

import re

from deltalab.backbone.tiny import copying
from tests.backbone.tiny.test_asking import asked


def test_again_with_one_word_for_another():
    for text, _, question, answer in asked(copying._again):
        new, word, said = re.fullmatch(r"Say (\w+) for (\w+): (.*)", question).groups()
        assert text == said
        at = re.search(rf"\b{word}\b", text)
        assert answer == text[: at.start()] + new + text[at.end() :]


def test_what_is_between_stands_there():
    for text, _, question, answer in asked(copying._between):
        before, after = re.match(r"What is between (\S+) and (.*?)\? ", question).groups()
        assert (f"{before} {answer}" + ("" if after == "the end" else f" {after}")) in text
        assert 1 <= len(answer.split()) <= 3


def test_the_new_word_is_the_only_difference():
    answers = set()
    for _, _, question, answer in asked(copying._changed):
        before, now = (side.split() for side in re.match(r"Which.*? Before: (.*) Now: (.*)", question).groups())
        different = [one for one, other in zip(now, before, strict=True) if one != other]
        assert [word.strip(".") for word in different] == ([] if answer == "none" else [answer])
        answers.add(answer == "none")
    assert False in answers


def test_the_same_is_the_same():
    answers = set()
    for _, _, question, answer in asked(copying._same):
        one, other = re.match(r"Do.*? First: (.*) Second: (.*)", question).groups()
        assert (one == other) == (answer == "yes")
        answers.add(answer)
    assert answers == {"yes", "no"}
