"""Recomputed activations are the activations of the first time."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import MEMBERS, TUNED, bind, error, logits_and_grads, perturbed, same


@pytest.fixture
def training(make_backbone):
    """`training(dropout, checkpointed)`: a stack in train mode on a backbone of its own."""

    def make(dropout=0.0, checkpointed=True, attention="sdpa"):
        backbone = make_backbone(dropout=dropout)
        backbone.model.train()
        return Stack(backbone, attention, gradient_checkpointing=checkpointed)

    return make


@pytest.mark.parametrize("name", TUNED)
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_gradients_are_those_without_checkpoints(name, attention, training, batch):
    results = []
    for checkpointed in (True, False):
        stack = training(checkpointed=checkpointed, attention=attention)
        delta = bind(name, stack.backbone)
        results.append(logits_and_grads(stack, batch, [Segment(delta, perturbed(delta, 3))]))
    (logits, grads), (expected, expected_grads) = results
    same(logits, expected)
    same(grads[0], expected_grads[0])


def test_gradients_of_all_methods_in_one_stack_are_those_without_checkpoints(training, make_batch):
    results = []
    for checkpointed in (True, False):
        stack = training(checkpointed=checkpointed)
        deltas = [bind(name, stack.backbone) for name in MEMBERS]
        segments = [Segment(delta, perturbed(delta, seed=i)) for i, delta in enumerate(deltas)]
        results.append(logits_and_grads(stack, make_batch(len(segments)), segments)[1])
    for grad, expected in zip(*results, strict=True):
        same(grad, expected)


@pytest.mark.parametrize("name", ["lora", "full"])
def test_dropout_draws_the_same_masks_again(name, training, batch):
    results = []
    for checkpointed in (True, False):
        stack = training(dropout=0.3, checkpointed=checkpointed)
        delta = bind(name, stack.backbone)
        torch.manual_seed(0)
        results.append(logits_and_grads(stack, batch, [Segment(delta, perturbed(delta, 2))]))
    (logits, grads), (expected, expected_grads) = results
    same(logits, expected)
    same(grads[0], expected_grads[0])


def test_a_graph_can_be_walked_twice(training, batch):
    stack = training()
    delta = bind("lora", stack.backbone)
    theta = perturbed(delta).requires_grad_()
    loss = error(stack.logits(batch, [Segment(delta, theta)]), batch)
    (first,) = torch.autograd.grad(loss, theta, retain_graph=True)
    (again,) = torch.autograd.grad(loss, theta)
    assert torch.equal(first, again)


def test_two_passes_before_one_backward_keep_their_own_thetas(training, batch):
    stack = training()
    lora, prefix = bind("lora", stack.backbone), bind("prefix", stack.backbone)
    thetas = [perturbed(lora).requires_grad_(), perturbed(prefix).requires_grad_()]
    segments = [Segment(lora, thetas[0]), Segment(prefix, thetas[1])]
    together = torch.autograd.grad(sum(error(stack.logits(batch, [s]), batch) for s in segments), thetas)
    for grad, segment in zip(together, segments, strict=True):
        same(grad, logits_and_grads(stack, batch, [segment])[1][0])
