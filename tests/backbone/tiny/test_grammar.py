"""Wrong sentences differ from their text in one small thing; right ones do not."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from deltalab.backbone.tiny.asking import counted
from deltalab.backbone.tiny.grammar import KIN, _dropped, _exchange, _kin, _moved, _repeated, forms, grammar
from tests.backbone.tiny.test_asking import TEXTS, asked

QUESTION = re.compile(r"Is this acceptable\?|Is this correct English\?|Can one say this\?")


def test_a_right_sentence_is_one_of_the_texts_and_a_wrong_one_is_not():
    answers = set()
    for _, _, question, answer in asked(grammar(counted(TEXTS))[0]):
        said = QUESTION.sub("", question).strip()
        assert (said in TEXTS) == (answer in ("yes", "acceptable"))
        assert ("acceptable" in answer) == ("Is this acceptable?" in question)
        answers.add(answer)
    assert answers == {"yes", "no", "acceptable", "unacceptable"}


def test_the_better_of_two_is_the_text():
    answers = set()
    for text, _, question, answer in asked(grammar(counted(TEXTS))[1]):
        one, other = re.match(r"Which is correct\? First: (.*) Second: (.*)", question).groups()
        assert {"first": one, "second": other}[answer] == text
        assert one != other
        answers.add(answer)
    assert answers == {"first", "second"}


def test_what_each_spoiling_does_to_the_words():
    rng, words = np.random.default_rng(0), ["he", "walks", "to", "the", "old", "house"]
    for _ in range(100):
        assert Counter(_moved(words, rng)) == Counter(words)
        assert Counter(words) - Counter(_dropped(words, rng)) <= Counter(words)
        assert len(_dropped(words, rng)) == len(words) - 1
        again = Counter(_repeated(words, rng)) - Counter(words)
        assert sum(again.values()) == 1
        assert set(again) <= set(words)


def test_an_exchanged_word_is_kin_and_keeps_its_capital():
    rng = np.random.default_rng(0)
    for _ in range(50):
        (new,) = _exchange(_kin())(["He"], rng)
        assert new in {"Him", "Himself"}
    assert _exchange(_kin())(["house"], rng) is None
    assert all(word not in others for word, others in _kin().items())
    assert set(_kin()) == set(" ".join(KIN).split())


def test_forms_are_words_that_the_texts_have():
    texts = ["walk walks walked walk walks walked walk walks walked", "song songs song songs song songs"]
    assert forms(counted(texts)) == {
        "walk": ("walks", "walked"),
        "walks": ("walk", "walked"),
        "walked": ("walk", "walks"),
    }
