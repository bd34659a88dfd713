"""Every family reads, ranks and writes as the stock model does with one unpadded row at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch.autograd import grad

from deltalab.backbone.batch import IGNORED
from deltalab.backbone.families.bert import bert
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.step import label_scores, losses

from ...delta.helpers import bind, perturbed
from .models import END, MASK, MODELS, PAD, backbone, stock

LABELS = torch.tensor([[7, 9, END], [5, END, IGNORED], [8, 6, END], [7, END, IGNORED]])
READERS = ("t5", "bart")
FILLERS = ("bert", "roberta")
MASKS = bert().architecture.wording.longest


def naive(model, model_type, source, target):
    """Logits (tokens of the target, vocabulary) for one row without padding, from the stock model alone."""
    source, target = torch.tensor([source]), torch.tensor([target])
    count = target.shape[1]
    if model_type in READERS:
        return model(input_ids=source, labels=target).logits[0]
    if model_type in FILLERS:
        filled = torch.cat([source, torch.full((1, MASKS), MASK)], dim=1)
        return model(input_ids=filled, attention_mask=torch.ones_like(filled)).logits[0, -MASKS:][:count]
    return model(input_ids=torch.cat([source, target[:, :-1]], dim=1)).logits[0, -count:]


def rows_of(batch):
    """Each row's tokens and answer without padding."""
    for ids, mask, labels in zip(batch.input_ids, batch.attention_mask, batch.labels, strict=True):
        yield ids[mask.bool()].tolist(), labels[labels != IGNORED].tolist()


def frozen(model_type, attention="sdpa"):
    one = backbone(model_type)
    delta = bind("frozen", one)
    return Stack(one, attention), [Segment(delta, delta.layout.initial(0))]


@torch.no_grad()
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("model_type", MODELS)
def test_logits_of_padded_rows(model_type, attention, batch):
    stack, segments = frozen(model_type, attention)
    logits = stack.logits(batch, segments)
    for i, (source, target) in enumerate(rows_of(batch)):
        expected = naive(stock(model_type), model_type, source, target)
        torch.testing.assert_close(logits[i, : len(target)], expected, rtol=1e-4, atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("model_type", MODELS)
def test_a_label_scores_its_log_probability(model_type, batch):
    stack, segments = frozen(model_type)
    scores, model = label_scores(stack, batch, segments, LABELS), stock(model_type)
    for i, (source, _) in enumerate(rows_of(batch)):
        for j, label in enumerate(LABELS.tolist()):
            tokens = [token for token in label if token != IGNORED]
            chances = naive(model, model_type, source, tokens).log_softmax(-1)
            expected = sum(chances[t, token] for t, token in enumerate(tokens))
            assert float(scores[i, j]) == pytest.approx(float(expected), abs=1e-4)


@pytest.mark.parametrize("recomputed", [False, True])
@pytest.mark.parametrize("model_type", MODELS)
def test_a_loss_among_labels_has_the_gradient_of_whole_passes(model_type, recomputed, batch):
    one = backbone(model_type)
    one.model.train()
    stack, delta = Stack(one, gradient_checkpointing=recomputed), bind("lora", one)
    theta = perturbed(delta, 2).requires_grad_()
    chosen = torch.arange(len(batch)) % len(LABELS)
    known = replace(batch, labels=LABELS[chosen], candidates=LABELS.expand(len(batch), -1, -1))
    loss = losses(stack, known, [Segment(delta, theta)])
    (found,) = grad(loss.sum(), theta)

    scores = torch.stack([log_chances(stack, batch, [Segment(delta, theta)], label) for label in LABELS], dim=1)
    expected = F.cross_entropy(scores, chosen, reduction="none").view(2, -1).mean(1)
    torch.testing.assert_close(loss, expected, rtol=1e-4, atol=1e-4)
    (naive_gradient,) = grad(expected.sum(), theta)
    assert found.abs().max() > 0
    torch.testing.assert_close(found, naive_gradient, rtol=1e-3, atol=1e-4)


def log_chances(stack, batch, segments, label):
    """log p(label | input) (rows,) from a pass of its own."""
    label = label[label != IGNORED].expand(len(batch), -1)
    chances = stack.logits(replace(batch, labels=label), segments).log_softmax(-1)
    return chances.gather(2, label[..., None]).sum((1, 2))


@torch.no_grad()
@pytest.mark.parametrize("model_type", MODELS)
def test_an_answer_is_the_likeliest_token_again_and_again(model_type, batch):
    stack, segments = frozen(model_type)
    write = stack.backbone.family.architecture.generate
    (ids,) = stack.run(batch, segments, lambda _, rows: write(stack.backbone, rows, 5))
    model = stock(model_type)
    for i, (source, _) in enumerate(rows_of(batch)):
        written = []
        while len(written) < 5 and END not in written:
            given = [*written, PAD] if model_type not in FILLERS else [PAD] * 5
            at = len(written)
            written.append(int(naive(model, model_type, source, given)[at].argmax()))
        found = ids[i].tolist()[1 if model_type in READERS else 0 :]
        assert found[: len(written)] == written
        assert set(found[len(written) :]) <= {PAD}
