"""Batches of exercises: padded, of one book each, the same for the same chance."""

from __future__ import annotations

import numpy as np
import pytest

from deltalab.backbone.tiny.exercises import Exercises, sentences
from deltalab.errors import UserError

TEXTS = (
    "The old captain sailed toward the harbour.",
    "It was raining and nobody saw the young sailor.",
    "Light fell quietly on a boat because morning had come.",
    "Seven horses stood behind our garden wall.",
)


def test_a_batch_is_padded_and_its_padding_is_not_asked_for(tokenizer):
    pair = Exercises(TEXTS, tokenizer).take(20, np.random.default_rng(0))
    assert pair.inputs.shape[0] == pair.targets.shape[0] == 20
    assert ((pair.inputs == 1).sum(1) == 1).all()  # one end a row
    assert (pair.targets != 0).all()
    assert (pair.targets == -100).any()
    again = Exercises(TEXTS, tokenizer).take(20, np.random.default_rng(0))
    assert (again.inputs == pair.inputs).all()


def test_a_batch_is_of_one_book(tokenizer):
    books = [[lambda *_: ("one", "1")], [lambda *_: ("two", "2")]]
    exercises, rng = Exercises(TEXTS, tokenizer, books), np.random.default_rng(0)
    seen = {tuple(tokenizer.batch_decode(exercises.take(5, rng).inputs, skip_special_tokens=True)) for _ in range(20)}
    assert seen == {("one",) * 5, ("two",) * 5}


def test_half_of_the_texts_are_in_plain_spelling(tokenizer):
    said = []
    exercises = Exercises(TEXTS, tokenizer, [[lambda text, *_: (said.append(text) or "a", "b")]])
    exercises.take(400, np.random.default_rng(0))
    assert 0.4 < sum(text in TEXTS for text in said) / 400 < 0.6
    assert all(text in TEXTS or (text.islower() and text.endswith(" .")) for text in said)


def test_sentences_of_a_paragraph():
    blocks = [["One two three four five six. Seven eight nine ten eleven twelve! Too short.", "so is this"]]
    assert sentences(blocks) == ["One two three four five six.", "Seven eight nine ten eleven twelve!"]
    assert sentences([["One two three four five six. Now one two three four five six seven."]], longest=6) == [
        "One two three four five six."
    ]


def test_too_few_sentences(tokenizer):
    with pytest.raises(UserError, match="--task-share"):
        Exercises(["Only one sentence is here."], tokenizer)
