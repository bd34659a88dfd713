"""Hypergradients on the grouped forward of a T5 with a gated LoRA + BitFit delta."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import torch
import torch.nn.functional as F

from deltalab.backbone.batch import IGNORED
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.search.gate import Gate, logistic_noise
from deltalab.search.hypergradient import exact, finite_difference, first_order
from deltalab.search.noise import SharedDropout
from deltalab.search.shift import shift
from deltalab.search.virtual_step import Sgd

from .test_hypergradient import moved
from .test_noise import mixed

STEP = Sgd(0.03)


def seen(stack, delta, batch, seed=None):
    """The losses of thetas on the same rows, through concrete gates; dropout is shared where there is a seed."""
    noise = logistic_noise(len(delta.units), torch.Generator().manual_seed(0))
    budget = 0.3 * float(delta.unit_sizes().sum())

    def losses(thetas, alpha):
        copies = len(thetas)
        gates = Gate("concrete")(shift(alpha, delta.unit_sizes(), budget), noise, 0.7)
        with nullcontext() if seed is None else SharedDropout(copies, seed):
            logits = stack.logits(batch.repeat(copies), [Segment(delta, thetas, gates.expand(copies, -1))])
        each = [
            F.cross_entropy(part.flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED)
            for part in logits.split(len(batch))
        ]
        return torch.stack(each)

    return losses


def start(delta, dtype):
    generator = torch.Generator().manual_seed(7)
    theta = delta.layout.initial(0) + 0.1 * torch.randn(delta.size, generator=generator)
    return theta.to(dtype), torch.randn(len(delta.units), generator=generator).to(dtype)


def cosine(a, b):
    return float(torch.cosine_similarity(a, b, dim=0))


def test_they_are_slopes_of_the_validation_loss_after_the_step(make_backbone, make_batch):
    backbone = make_backbone()
    backbone.model.double()
    delta, stack = mixed(backbone), Stack(backbone, "eager")
    train, val = (seen(stack, delta, make_batch(4, seed=seed)) for seed in (1, 2))
    theta, alpha = start(delta, torch.float64)

    def after(at):
        return val(moved(train, STEP, at, theta)[None], at)[0]

    # A few units in the place of all. The norms of T5 compute in float32, which bounds the accuracy.
    directions = torch.eye(len(alpha), dtype=alpha.dtype)[::5]
    expected = torch.stack([(after(alpha + 1e-2 * d) - after(alpha - 1e-2 * d)) / 2e-2 for d in directions])
    found = exact(train, val, STEP, theta, alpha).gradient
    torch.testing.assert_close(directions @ found, expected, rtol=0, atol=1e-3 * float(expected.abs().max()))
    ahead = moved(train, STEP, alpha, theta)
    partial = torch.autograd.functional.jacobian(lambda at: val(ahead[None], at)[0], alpha)
    torch.testing.assert_close(first_order(train, val, STEP, theta, alpha).gradient, partial)
    assert (found - partial).norm() > 0.05 * found.norm()
    difference = finite_difference(train, val, STEP, theta, alpha).gradient
    assert (difference - found).norm() < 1e-2 * (found - partial).norm()


@pytest.fixture
def dropping(make_backbone, make_batch):
    """A T5 that drops a tenth, in training: stack, delta, two batches, theta and alpha in float32."""
    backbone = make_backbone(dropout=0.1)
    backbone.model.train()
    delta = mixed(backbone)
    return Stack(backbone, "eager"), delta, make_batch(4, seed=1), make_batch(4, seed=2), *start(delta, torch.float32)


def second_order(method, train, val, theta, alpha):
    """What a hypergradient adds to the first order: where the noise of two passes would show."""
    return method(train, val, STEP, theta, alpha).gradient - first_order(train, val, STEP, theta, alpha).gradient


def test_under_shared_dropout_finite_differences_repeat_and_are_exact(dropping):
    stack, delta, rows, others, theta, alpha = dropping
    train, val = seen(stack, delta, rows, seed=3), seen(stack, delta, others, seed=4)
    found = second_order(finite_difference, train, val, theta, alpha)
    torch.manual_seed(1)  # the global generator has no part in it
    assert cosine(second_order(finite_difference, train, val, theta, alpha), found) > 0.99
    whole = second_order(exact, train, val, theta, alpha)
    assert cosine(found, whole) > 0.99
    assert float(found.norm() / whole.norm()) == pytest.approx(1, abs=0.05)


def test_under_dropout_of_their_own_the_two_passes_measure_noise(dropping):
    """The defect of the published code, which the sharing is there to prevent."""
    stack, delta, rows, others, theta, alpha = dropping
    train, val = seen(stack, delta, rows), seen(stack, delta, others, seed=4)
    torch.manual_seed(0)
    found = finite_difference(train, val, STEP, theta, alpha).gradient
    again = finite_difference(train, val, STEP, theta, alpha).gradient
    assert cosine(found, again) < 0.9
