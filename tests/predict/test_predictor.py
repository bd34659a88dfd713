"""Answers against a merged stock model that is asked text by text."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.interop.merge import merged
from deltalab.interop.opened import Opened
from deltalab.predict.predictor import Predictor

from .conftest import TEXTS


@pytest.fixture(scope="module")
def stock(opened):
    return merged(opened).eval()


def source(opened, text):
    """The ids of a text in the template, cut to eight tokens that end as the tokenizer ends."""
    ids = opened.backbone.tokenizer(f"movie : {text}")["input_ids"]
    return torch.tensor([ids if len(ids) <= 8 else [*ids[:7], ids[-1]]])


@torch.no_grad()
def log_p(opened, model, text, label):
    target = opened.backbone.tokenizer(f"it is {label}")["input_ids"][:6]
    target = target if target[-1] == 1 else [*target[:5], 1]
    logits = model(input_ids=source(opened, text), decoder_input_ids=torch.tensor([[0, *target[:-1]]])).logits
    return sum(logits[0].log_softmax(-1)[i, token].item() for i, token in enumerate(target))


def test_labels_and_their_scores(opened, stock):
    found = list(Predictor(opened)(TEXTS, batch_size=2))
    assert [one.input for one in found] == TEXTS
    for one in found:
        expected = {label: log_p(opened, stock, one.input, label) for label in ("bad", "good", "very good indeed")}
        assert one.scores == pytest.approx(expected, rel=1e-4)
        assert one.answer == max(expected, key=expected.get)


def test_generated_text(opened, stock):
    found = list(Predictor(opened, labels=())(TEXTS, batch_size=3))
    tokenizer = opened.backbone.tokenizer
    for one in found:
        ids = stock.generate(input_ids=source(opened, one.input), max_new_tokens=6, do_sample=False, num_beams=1)
        told = tokenizer.decode(ids[0], skip_special_tokens=True).strip().removeprefix("it is").strip()
        assert (one.answer, one.scores) == (told, None)


def test_other_labels(opened, stock):
    (one,) = Predictor(opened, labels=["red", "blue"])(TEXTS[:1])
    assert one.scores == pytest.approx(
        {label: log_p(opened, stock, TEXTS[0], label) for label in ("red", "blue")}, rel=1e-4
    )


def test_a_batch_does_not_change_an_answer(opened):
    alone, together = (list(Predictor(opened)(TEXTS, size)) for size in (1, 3))
    assert [one.answer for one in alone] == [one.answer for one in together]
    for first, second in zip(alone, together, strict=True):
        assert first.scores == pytest.approx(second.scores, abs=1e-3)


def test_a_card_without_a_task_takes_the_plain_template(opened):
    card = {key: value for key, value in opened.solution.card.items() if key not in ("task", "config")}
    bare = Opened(type(opened.solution)(opened.solution.theta, opened.solution.theta0, card), opened.delta)
    (one,) = Predictor(bare)(["movie : dull"])
    (same,) = Predictor(opened, labels=())(["dull"])
    assert one.answer.startswith(same.answer)  # the same input; more tokens, and no words of a template to remove


def test_a_template_of_another_form_is_refused(opened):
    card = {**opened.solution.card, "config": {"data": {"template": {"_target_": "mine.Other", "words": 3}}}}
    other = Opened(type(opened.solution)(opened.solution.theta, opened.solution.theta0, card), opened.delta)
    with pytest.raises(UserError, match=r"^template mine\.Other: predict cannot use it"):
        Predictor(other)
