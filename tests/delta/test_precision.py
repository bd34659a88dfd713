"""The same function in every attention and number format."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import GATED, MEMBERS, TUNED, bind, error, logits_and_grads, perturbed, same


@pytest.mark.parametrize("name", MEMBERS)
def test_sdpa_and_eager_attention_agree(name, backbone, batch):
    delta = bind(name, backbone)
    segments = [Segment(delta, perturbed(delta, 3))]
    logits, grads = logits_and_grads(Stack(backbone, "sdpa"), batch, segments)
    expected, expected_grads = logits_and_grads(Stack(backbone, "eager"), batch, segments)
    same(logits, expected)
    same(grads[0], expected_grads[0])


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_bfloat16_autocast_stays_close(name, attention, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone, attention)
    segments = [Segment(delta, perturbed(delta, 3, spread=0.02))]
    expected, expected_grads = logits_and_grads(stack, batch, segments)
    with torch.autocast("cpu", torch.bfloat16):
        logits, grads = logits_and_grads(stack, batch, segments)
    same(logits.float(), expected, 0.05)
    assert torch.cosine_similarity(grads[0], expected_grads[0], dim=-1).min() > 0.95 or name == "frozen"
    assert grads[0].dtype == torch.float32


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_all_methods_in_one_stack_run_under_bfloat16_autocast(attention, backbone, make_batch):
    deltas = [bind(name, backbone) for name in MEMBERS]
    segments = [Segment(delta, perturbed(delta, 2, seed=i, spread=0.02)) for i, delta in enumerate(deltas)]
    batch, stack = make_batch(2 * len(segments)), Stack(backbone, attention)
    expected = stack.logits(batch, segments)
    with torch.autocast("cpu", torch.bfloat16):
        logits, grads = logits_and_grads(stack, batch, segments)
    same(logits.float(), expected, 0.05)
    assert all(grad.isfinite().all() for grad in grads)


@pytest.mark.parametrize("name", GATED)
def test_a_gated_delta_runs_under_bfloat16_autocast(name, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    gates = torch.full((3, len(delta.units)), 0.5, requires_grad=True)
    with torch.autocast("cpu", torch.bfloat16):
        loss = error(stack.logits(batch, [Segment(delta, perturbed(delta, 3), gates)]), batch)
    loss.backward()
    assert gates.grad.isfinite().all()


@pytest.mark.parametrize("name", MEMBERS)
def test_a_bfloat16_backbone_stays_close(name, make_backbone, backbone, batch):
    half = make_backbone()
    half.model.to(torch.bfloat16)
    delta, expected = bind(name, half), bind(name, backbone)
    theta = perturbed(expected, 3)
    logits, grads = logits_and_grads(Stack(half), batch, [Segment(delta, theta)])
    same(logits.float(), Stack(backbone).logits(batch, [Segment(expected, theta)]), 0.1)
    assert grads[0].dtype == torch.float32
    assert grads[0].isfinite().all()


@pytest.mark.parametrize("name", MEMBERS)
def test_a_forced_float16_backbone_runs_with_its_float32_parts(name, make_backbone, batch):
    backbone = make_backbone()
    backbone.model.half()
    for path, module in backbone.model.named_modules():
        if path.endswith(".wo"):
            module.float()  # as transformers loads it
    delta = bind(name, backbone)
    logits, grads = logits_and_grads(Stack(backbone), batch, [Segment(delta, perturbed(delta, 3))])
    assert logits.isfinite().all()
    assert grads[0].isfinite().all()


@pytest.mark.parametrize("name", TUNED)
def test_gradients_are_differentiable_under_eager_attention(name, make_backbone, batch):
    backbone = make_backbone()
    backbone.model.double()
    delta, stack = bind(name, backbone), Stack(backbone, "eager")
    theta = perturbed(delta).double().requires_grad_()
    direction = torch.randn(delta.size, generator=torch.Generator().manual_seed(0)).double()

    def gradient(at, graph=False):
        loss = error(stack.logits(batch, [Segment(delta, at)]), batch, torch.float64)
        return torch.autograd.grad(loss, at, create_graph=graph)[0]

    (exact,) = torch.autograd.grad(gradient(theta, graph=True) @ direction, theta)
    step = 1e-4
    with_step, against = ((theta + sign * step * direction).detach().requires_grad_() for sign in (1, -1))
    same(exact, (gradient(with_step) - gradient(against)) / (2 * step), 1e-3)
