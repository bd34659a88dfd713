"""Drills are true of their lists: each is answered again by reading the question."""

from __future__ import annotations

import re

import pytest

from deltalab.backbone.tiny import drill
from tests.backbone.tiny.test_asking import asked


def listed(question):
    """The words after the question."""
    return re.split(r"[?:] ", question, maxsplit=1)[1].split()


def test_say_gives_the_list_again():
    lengths = set()
    for _, _, question, answer in asked(drill._say):
        assert answer.split() == listed(question)
        assert len(set(answer.split())) == len(answer.split())
        lengths.add(len(answer.split()))
    assert lengths == {2, 3, 4, 5, 6}


def test_places_are_counted_from_the_first():
    numbers = ["first", "second", "third", "fourth", "fifth", "sixth"]
    for _, _, question, answer in asked(drill._place):
        assert answer == listed(question)[numbers.index(re.match(r"Which is (\w+)\?", question)[1])]


def test_after_is_the_next_word():
    for _, _, question, answer in asked(drill._after):
        words = listed(question)
        assert answer == words[words.index(re.match(r"What comes after (\w+)\?", question)[1]) + 1]


@pytest.mark.parametrize("exercise", [drill._here, drill._same])
def test_yes_where_it_is_so(exercise):
    answers = []
    for _, _, question, answer in asked(exercise):
        if exercise is drill._here:
            true = re.match(r"Is (\w+) here\?", question)[1] in listed(question)
        else:
            one, other = " ".join(listed(question)).split(" | ")
            true = one == other
            assert len(one.split()) == len(other.split())
            assert sum(a != b for a, b in zip(one.split(), other.split(), strict=True)) <= 1
        assert answer == ("yes" if true else "no")
        answers.append(answer)
    assert 100 < answers.count("yes") < 220


def test_twice_is_there_twice():
    for _, _, question, answer in asked(drill._twice):
        words = listed(question)
        assert words.count(answer) == 2
        assert len(set(words)) == len(words) - 1


@pytest.mark.parametrize("exercise", drill.DRILL)
def test_a_text_of_one_word(exercise):
    question, answer = next((q, a) for _, _, q, a in asked(exercise, ("so", "so", "so"), times=1))
    assert question
    assert answer
