"""Losses, label scores and answers, each against the same thing done one row at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from deltalab.backbone.architecture import ranking
from deltalab.backbone.batch import IGNORED, Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.step import Answerer, label_scores, losses

from .delta.helpers import bind, perturbed

LABELS = torch.tensor([[7, 9, 1], [5, 1, IGNORED], [8, 6, 1], [7, 1, IGNORED]])
MIXES = (("frozen",), ("lora", "prefix"), ("lora", "prompt"), ("prompt", "full", "adapter"), ("full", "frozen"))


def segments_of(backbone, names, count=2):
    """Segments of `count` vectors each, of one where there are no numbers."""
    deltas = [bind(name, backbone) for name in names]
    return [Segment(delta, perturbed(delta, count if delta.size else None, seed=i)) for i, delta in enumerate(deltas)]


def singles(segments):
    """The same vectors, one segment each."""
    return [
        Segment(segment.delta, theta)
        for segment in segments
        for theta in segment.theta.reshape(segment.count, segment.delta.size)
    ]


def among(batch):
    """The batch with `LABELS` as candidates, of every third row the first two alone; and each row's answer."""
    candidates = LABELS.repeat(len(batch), 1, 1)
    candidates[::3, 2:] = IGNORED
    chosen = [row % (2 if row % 3 == 0 else 4) for row in range(len(batch))]
    return replace(batch, labels=LABELS[chosen], candidates=candidates), chosen


def log_probabilities(stack, batch, row, segment, labels):
    """log p of each token of `labels` after one row of the batch, in a pass of its own."""
    length = int(batch.attention_mask[row].sum())
    alone = Batch(
        batch.input_ids[row : row + 1, :length],
        batch.attention_mask[row : row + 1, :length],
        labels[None],
        batch.rows[row : row + 1],
    )
    return stack.logits(alone, [segment])[0].log_softmax(-1)[range(len(labels)), labels]


@torch.no_grad()
@pytest.mark.parametrize("names", MIXES, ids="-".join)
def test_a_loss_is_the_mean_over_the_answer_tokens_of_its_own_rows(backbone, make_batch, names):
    stack, segments = Stack(backbone), segments_of(backbone, names)
    alone = singles(segments)
    batch = make_batch(rows=3 * len(alone))
    expected = []
    for v, segment in enumerate(alone):
        total, tokens = 0.0, 0
        for row in range(3 * v, 3 * v + 3):
            labels = batch.labels[row][batch.labels[row] != IGNORED]
            total -= float(log_probabilities(stack, batch, row, segment, labels).sum())
            tokens += len(labels)
        expected.append(total / tokens)
    torch.testing.assert_close(losses(stack, batch, segments), torch.tensor(expected), rtol=1e-5, atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("names", MIXES, ids="-".join)
def test_a_loss_among_candidates_is_the_mean_over_its_own_rows(backbone, make_batch, names):
    stack, segments = Stack(backbone), segments_of(backbone, names)
    alone = singles(segments)
    batch, chosen = among(make_batch(rows=3 * len(alone)))
    each = []
    for row, own in enumerate(chosen):
        known = [label for label in batch.candidates[row] if label[0] != IGNORED]
        segment = alone[row // 3]
        told = [log_probabilities(stack, batch, row, segment, label[label != IGNORED]).sum() for label in known]
        each.append(-torch.stack(told).log_softmax(0)[own])
    expected = torch.stack(each).view(-1, 3).mean(1)
    torch.testing.assert_close(losses(stack, batch, segments), expected, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_rows_without_an_answer_bring_nothing_to_a_loss(backbone, make_batch):
    stack, segments = Stack(backbone), segments_of(backbone, ["lora"])
    batch, _ = among(make_batch(rows=4))
    labels = batch.labels.clone()
    labels[1], labels[2:] = IGNORED, IGNORED
    found = losses(stack, replace(batch, labels=labels), segments)
    (expected,) = losses(stack, batch.slice(0, 1), singles(segments)[:1])
    torch.testing.assert_close(found, torch.stack([expected, torch.zeros(())]))


def test_the_gradient_of_a_loss_stays_with_its_own_vector(backbone, make_batch):
    delta = bind("lora", backbone)
    theta = perturbed(delta, 3).requires_grad_()
    losses(Stack(backbone), make_batch(rows=6), [Segment(delta, theta)])[1].backward()
    assert theta.grad[1].abs().max() > 0
    assert not theta.grad[[0, 2]].any()


@torch.no_grad()
@pytest.mark.parametrize("at_once", [ranking._SCORED_AT_ONCE, 1], ids=["one block", "a block a label"])
@pytest.mark.parametrize("names", MIXES, ids="-".join)
def test_a_label_scores_its_log_probability(backbone, make_batch, monkeypatch, names, at_once):
    monkeypatch.setattr(ranking, "_SCORED_AT_ONCE", at_once)
    stack, segments = Stack(backbone), segments_of(backbone, names)
    alone = singles(segments)
    batch = make_batch(rows=2 * len(alone))
    expected = torch.stack(
        [
            torch.stack(
                [log_probabilities(stack, batch, row, alone[row // 2], each[each != IGNORED]).sum() for each in LABELS]
            )
            for row in range(len(batch))
        ]
    )
    torch.testing.assert_close(label_scores(stack, batch, segments, LABELS), expected, rtol=1e-5, atol=1e-5)


def test_the_likeliest_label_is_the_answer(backbone, make_batch):
    stack, segments, batch = Stack(backbone), segments_of(backbone, ("lora", "prompt")), make_batch(rows=8)
    answers = Answerer(lambda ids: [], "abcd", LABELS)(stack, batch, segments)
    with torch.no_grad():
        best = label_scores(stack, batch, segments, LABELS).argmax(1)
    assert answers == ["abcd"[i] for i in best]


def numbers(ids):
    """Generated ids as texts that tell them apart, without the padding after the end."""
    return [" ".join(str(i) for i in row if i) for row in ids.tolist()]


def test_free_text_is_what_the_stock_model_generates(backbone, stock, make_batch):
    batch = make_batch(rows=5)
    expected = stock().generate(
        input_ids=batch.input_ids, attention_mask=batch.attention_mask, max_new_tokens=6, do_sample=False
    )
    found = Answerer(numbers, max_new_tokens=6)(Stack(backbone), batch, segments_of(backbone, ["frozen"]))
    assert found == numbers(expected)
    assert max(len(answer.split()) for answer in found) == 6


def test_every_vector_generates_what_it_generates_alone(backbone, make_batch):
    stack, segments, answer = Stack(backbone), segments_of(backbone, ("prompt", "lora", "full")), Answerer(numbers)
    batch = make_batch(rows=12)
    apart = [answer(stack, batch.slice(2 * v, 2 * v + 2), [one]) for v, one in enumerate(singles(segments))]
    assert answer(stack, batch, segments) == [text for part in apart for text in part]
