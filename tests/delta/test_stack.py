"""One pass over many thetas is the same as many passes."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .helpers import GATED, MEMBERS, bind, error, logits_and_grads, one_by_one, perturbed, same


def check(stack, batch, segments, tolerance=1e-5):
    logits, grads = logits_and_grads(stack, batch, segments)
    expected, expected_grads = one_by_one(stack, batch, segments)
    same(logits, expected, tolerance)
    for grad, wanted in zip(grads, expected_grads, strict=True):
        same(grad, wanted, tolerance)


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_stack_equals_single_passes(name, count, backbone, batch):
    delta = bind(name, backbone)
    check(Stack(backbone), batch, [Segment(delta, perturbed(delta, count))])


@pytest.mark.parametrize("name", GATED)
def test_a_gated_stack_equals_single_passes(name, backbone, batch):
    delta = bind(name, backbone)
    gates = torch.rand(3, len(delta.units), generator=torch.Generator().manual_seed(0)).round(decimals=1)
    check(Stack(backbone), batch, [Segment(delta, perturbed(delta, 3), gates)])


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("kind", ["v1.0", "mt5"])
def test_a_stack_equals_single_passes_on_other_forms_of_t5(name, kind, make_backbone, batch):
    backbone = make_backbone(kind)
    delta = bind(name, backbone)
    check(Stack(backbone), batch, [Segment(delta, perturbed(delta, 2))])


@pytest.mark.parametrize("name", MEMBERS)
def test_a_theta_without_a_leading_dimension_is_a_stack_of_one(name, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    theta = perturbed(delta)
    flat = stack.logits(batch, [Segment(delta, theta)])
    assert torch.equal(flat, stack.logits(batch, [Segment(delta, theta[None])]))


@pytest.mark.parametrize("name", MEMBERS)
def test_rows_belong_to_vectors_in_order(name, backbone, make_batch):
    delta, stack, row = bind(name, backbone), Stack(backbone), make_batch(1)
    first, second = perturbed(delta, seed=1), perturbed(delta, seed=2)
    logits = stack.logits(row.repeat(4), [Segment(delta, torch.stack([first, second]))])
    for rows, theta in ((logits[:2], first), (logits[2:], second)):
        same(rows, stack.logits(row, [Segment(delta, theta)]).expand(2, -1, -1))


def test_logits_come_in_the_order_of_the_rows_over_several_passes(backbone, make_batch):
    stack, batch = Stack(backbone), make_batch(4)
    lora, full = bind("lora", backbone), bind("full", backbone)
    segments = [Segment(full, perturbed(full, 2)), Segment(lora, perturbed(lora)), Segment(full, perturbed(full))]
    sizes = stack.run(batch, segments, lambda model, rows: rows.rows.tolist())
    assert sizes == [[0], [1], [2], [3]]
    check(stack, batch, segments)


@pytest.mark.parametrize("name", ["lora", "prefix", "prompt", "full"])
def test_a_theta_shared_by_vectors_gets_the_sum_of_their_gradients(name, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    theta = perturbed(delta).requires_grad_()
    error(stack.logits(batch, [Segment(delta, theta.expand(3, -1))]), batch).backward()
    same(theta.grad, logits_and_grads(stack, batch, [Segment(delta, theta)])[1][0])


def test_stacks_of_different_attention_take_turns_on_a_backbone(make_backbone, batch):
    backbone = make_backbone()
    fast, twice = Stack(backbone), Stack(backbone, "eager")
    prefix = bind("prefix", backbone)

    def form(stack):
        return stack.run(
            batch, [Segment(prefix, perturbed(prefix))], lambda model, rows: model.config._attn_implementation
        )

    assert [form(stack) for stack in (fast, twice, fast)] == [["deltalab_sdpa"], ["deltalab_eager"], ["deltalab_sdpa"]]


def test_rows_that_do_not_divide_are_refused(backbone, batch):
    lora = bind("lora", backbone)
    with pytest.raises(ValueError, match="6 rows cannot be split evenly over 4 vectors"):
        Stack(backbone).logits(batch, [Segment(lora, perturbed(lora, 4))])
    with pytest.raises(ValueError, match="0 vectors"):
        Stack(backbone).logits(batch, [])


def test_an_unknown_attention_is_refused_in_one_line(backbone):
    with pytest.raises(UserError, match="did you mean eager") as caught:
        Stack(backbone, attention="eagre")
    assert "\n" not in str(caught.value)
