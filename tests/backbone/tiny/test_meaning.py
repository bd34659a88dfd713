"""Exercises in meaning are true of a small WordNet, whose facts are written down here once more."""

from __future__ import annotations

import re

import pytest

from deltalab.backbone.tiny.meaning import meaning
from deltalab.backbone.tiny.wordnet import WordNet
from tests.backbone.tiny.test_asking import asked
from tests.backbone.tiny.test_wordnet import WORDS, write

SORTS = dict.fromkeys(("spoon", "ladle", "tool"), "artifact") | {"soup": "food"}
SAME = [{"spoon", "ladle"}, {"hot", "warm"}, {"cold", "cool"}]
TEXTS = ("She found a hot spoon there.", "He likes cold soup at noon.", "They saw nothing at all.", "The end.")


@pytest.fixture(scope="module")
def exercises(tmp_path_factory):
    return meaning(WordNet.read(write(tmp_path_factory.mktemp("wordnet") / "dict"), WORDS))


def test_sorts(exercises):
    for _, _, question, answer in asked(exercises[0]):
        word = re.match(r"(?:What sort of word is|Is) (\w+)", question)[1]
        assert answer == SORTS.get(word, "quality")
        assert question.startswith("What") or answer in question


def test_glosses(exercises):
    means = {"something to eat soup with": {"spoon", "ladle"}, "something to work with": {"tool"}}
    seen = set()
    for _, _, question, answer in asked(exercises[1]):
        gloss = re.match(r"Which word means (.*), (\w+) or (\w+)\?", question)
        assert answer in gloss.groups()[1:]
        assert answer in means.get(gloss[1], {answer})
        seen.add(gloss[1])
    assert seen >= set(means)


def test_kinds(exercises):
    for _, _, question, answer in asked(exercises[2]):
        word, named = re.match(r"Is (\w+) a kind of (\w+)\?", question).groups()
        assert (answer == "yes") == (word in {"spoon", "ladle"} and named == "tool")


def test_kin_and_opposites(exercises):
    seen = set()
    for _, _, question, answer in asked(exercises[3]):
        asks, word = re.match(r"Which means (the same as|the opposite of) (\w+), ", question).groups()
        right = [{word, answer}] if asks == "the same as" else []
        assert {word, answer} == {"hot", "cold"} if asks == "the opposite of" else right[0] in SAME
        seen.add(asks)
    assert len(seen) == 2


def test_a_sentence_says_the_same_with_another_word_for_it(exercises):
    answers = set()
    for text, _, question, answer in asked(exercises[4], TEXTS):
        found = re.match(r"Do they mean the same\? First: (.*) Second: (.*)", question)
        if found is None:  # no word of the text has kin
            assert text == TEXTS[2]
            continue
        one, other = (side.split() for side in found.groups())
        ((old, new),) = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        assert ({old, new} in SAME) == (answer == "yes")
        answers.add(answer)
    assert answers == {"yes", "no"}
