"""A reader who knows the forms of contrast finds the answer in the passage."""

import random
import re

import pytest

from deltalab.task.builtin.extractive_qa import what, who
from deltalab.task.builtin.make import RECIPES
from deltalab.task.builtin.vocabulary.deeds import DEEDS

N, X = r"[A-Z]\w+ \w+", r"(?:an?) ((?:\w+ ){1,2}\w+)"
PAST = {deed.base: deed.past for deed in DEEDS}


def doer(sentence: str, past: str, thing: str) -> str | None:
    """Whoever did it, said to have done it."""
    rest = rf"{past} {thing}"
    forms = (
        rf"({N}) {rest}(?:, but {N} did not)?",
        rf"{N} did not \w+ {thing}, but ({N}) did",
        rf"It was ({N}) who {rest}, not {N}",
        rf"Not {N} but ({N}) {rest}",
        rf"{N} asked for {thing}, but ({N}) {past} it",
    )
    return next((match[1] for form in forms if (match := re.fullmatch(form, sentence))), None)


def done_to(sentence: str, person: str, base: str) -> str | None:
    """What somebody did it to."""
    who, past = f"(?:{person}|{person[0].upper()}{person[1:]})", PAST[base]
    forms = (
        rf"{who} did not {base} {X}, but an? (?P<x>.*)",
        rf"{who} saw {X} there but {past} an? (?P<x>.*)",
        rf"Instead of {X}, {who} {past} an? (?P<x>.*)",
        rf"{who} {past} an? (?P<x>.*?)(?:, not {X}| and only looked at {X})?",
    )
    return next((match["x"] for form in forms if (match := re.fullmatch(form, sentence))), None)


def test_who_did_it():
    chance = random.Random(0)
    for _ in range(2000):
        text, answer = who(chance)
        *told, question = text.split(". ")
        past, thing = re.fullmatch(r"Who (\w+) (the \w+)\?", question).groups()
        found = {name for sentence in told if (name := doer(sentence, past, thing))}
        assert found == {answer}, text
        assert len(answer.split()) == 2


def test_what_it_was_done_to():
    chance = random.Random(0)
    for _ in range(2000):
        text, answer = what(chance)
        *told, question = text.split(". ")
        person, base = re.fullmatch(r"What did (.*) (\w+)\?", question).groups()
        found = {thing for sentence in told if (thing := done_to(sentence, person, base))}
        assert found == {answer}, text
        assert 2 <= len(answer.split()) <= 3


@pytest.mark.parametrize(("name", "other"), [("who_question", N), ("what_question", X)])
def test_the_passage_holds_more_than_the_answer(name, other):
    chance = random.Random(1)
    drawn = [RECIPES[name].draw(chance) for _ in range(1000)]
    assert all(answer in text and len(text.split()) < 40 for text, answer in drawn)
    assert sum(len(re.findall(other, text.replace(answer, "?"))) > 0 for text, answer in drawn) > 700
    first = sum(text.index(answer) < len(text) / 3 for text, answer in drawn)
    assert 150 < first < 850
