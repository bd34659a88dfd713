"""Exercises are true of their texts: each is answered again by reading the question."""

from __future__ import annotations

import re

import numpy as np
import pytest

from deltalab.backbone.tiny import exercises
from deltalab.backbone.tiny.exercises import Exercises, sentences
from deltalab.errors import UserError

TEXTS = (
    "The old captain sailed toward the harbour.",
    "It was raining and nobody saw the young sailor.",
    "Light fell quietly on a boat because morning had come.",
    "Seven horses stood behind our garden wall.",
)


def asked(kind):
    rng = np.random.default_rng(0)
    for _ in range(300):
        i, j = (int(n) for n in rng.integers(3, size=2))
        question, answer = kind(TEXTS[i], TEXTS[i + 1], TEXTS[j], rng)
        yield TEXTS[i], TEXTS[i + 1], question, answer


def test_intact_means_unchanged():
    answers = [
        (f"Is this sentence intact? {text}" == question, answer)
        for text, _, question, answer in asked(exercises._intact)
    ]
    assert {(True, "yes"), (False, "no")} <= set(answers)
    assert (False, "yes") not in answers


def test_mentioned_means_it_is_there():
    answers = []
    for text, _, question, answer in asked(exercises._mentioned):
        word = re.match(r"Does the text say (\w+)\? ", question)[1]
        assert answer == ("yes" if re.search(rf"\b{word}\b", text) else "no")
        answers.append(answer)
    assert set(answers) == {"yes", "no"}


def test_the_missing_word_fills_the_gap():
    for text, _, question, answer in asked(exercises._missing):
        options, gap = re.fullmatch(r"Which word is missing, (\w+ or \w+)\? (.*)", question).groups()
        assert answer in options.split(" or ")
        assert gap.replace("_", answer, 1) == text


def test_what_follows_is_the_next_text():
    answers = {(question.endswith(following), answer) for _, following, question, answer in asked(exercises._follows)}
    assert answers >= {(True, "yes"), (False, "no")}
    assert (False, "yes") not in answers


def test_the_next_word_stands_after_one():
    for text, _, question, answer in asked(exercises._next_word):
        word = re.match(r"Which word comes after (\w+)\?", question)[1]
        assert re.search(rf"\b{word} {answer}\b", text)


def test_the_earlier_word_comes_first():
    for text, _, question, answer in asked(exercises._earlier):
        one, other = re.match(r"Which comes first, (\w+) or (\w+)\?", question).groups()
        places = {word: re.search(rf"\b{word}\b", text) for word in (one, other) if word != "end"}
        first = min((word for word in places), key=lambda word: places[word].start())
        assert answer == first


def test_a_batch_is_padded_and_its_padding_is_not_asked_for(tokenizer):
    pair = Exercises(TEXTS, tokenizer).take(20, np.random.default_rng(0))
    assert pair.inputs.shape[0] == pair.targets.shape[0] == 20
    assert ((pair.inputs == 1).sum(1) == 1).all()  # one end a row
    assert (pair.targets != 0).all()
    assert (pair.targets == -100).any()
    again = Exercises(TEXTS, tokenizer).take(20, np.random.default_rng(0))
    assert (again.inputs == pair.inputs).all()


def test_sentences_of_a_paragraph():
    blocks = [["One two three four five six. Seven eight nine ten eleven twelve! Too short.", "so is this"]]
    assert sentences(blocks) == ["One two three four five six.", "Seven eight nine ten eleven twelve!"]


def test_too_few_sentences(tokenizer):
    with pytest.raises(UserError, match="--task-share"):
        Exercises(["Only one sentence is here."], tokenizer)
