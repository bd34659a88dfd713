"""Exercises in reading are true of their texts: each is answered again by reading the question."""

from __future__ import annotations

import re

from deltalab.backbone.tiny import reading
from tests.backbone.tiny.test_asking import asked


def test_intact_means_unchanged():
    answers = [
        (f"Is this sentence intact? {text}" == question, answer) for text, _, question, answer in asked(reading._intact)
    ]
    assert {(True, "yes"), (False, "no")} <= set(answers)
    assert (False, "yes") not in answers


def test_mentioned_means_it_is_there():
    answers = []
    for text, _, question, answer in asked(reading._mentioned):
        word = re.match(r"Does the text say (\w+)\? ", question)[1]
        assert answer == ("yes" if re.search(rf"\b{word}\b", text) else "no")
        answers.append(answer)
    assert set(answers) == {"yes", "no"}


def test_the_missing_word_fills_the_gap():
    for text, _, question, answer in asked(reading._missing):
        options, gap = re.fullmatch(r"Which word is missing, (\w+ or \w+)\? (.*)", question).groups()
        assert answer in options.split(" or ")
        assert gap.replace("_", answer, 1) == text


def test_what_follows_is_the_next_text():
    answers = {(question.endswith(following), answer) for _, following, question, answer in asked(reading._follows)}
    assert answers >= {(True, "yes"), (False, "no")}
    assert (False, "yes") not in answers


def test_the_next_word_stands_after_one():
    for text, _, question, answer in asked(reading._next_word):
        word = re.match(r"Which word comes after (\w+)\?", question)[1]
        assert re.search(rf"\b{word} {answer}\b", text)


def test_the_earlier_word_comes_first():
    for text, _, question, answer in asked(reading._earlier):
        one, other = re.match(r"Which comes first, (\w+) or (\w+)\?", question).groups()
        places = {word: re.search(rf"\b{word}\b", text) for word in (one, other) if word != "end"}
        first = min((word for word in places), key=lambda word: places[word].start())
        assert answer == first
