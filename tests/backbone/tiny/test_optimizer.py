"""The optimizer against a plain computation, and its schedule."""

from __future__ import annotations

import math

import pytest
import torch

from deltalab.backbone.tiny.optimizer import ScaledAdamW, learning_rate


def test_steps_equal_adam_with_a_rate_per_tensor():
    torch.manual_seed(0)
    start, gradients = torch.randn(5, 3) * 4, torch.randn(6, 5, 3)
    ours, theirs = torch.nn.Parameter(start.clone()), torch.nn.Parameter(start.clone())
    scaled, adam = ScaledAdamW([ours], lr=0.02), torch.optim.Adam([theirs], lr=0.0)
    for gradient in gradients:
        adam.param_groups[0]["lr"] = 0.02 * math.sqrt(sum(x * x for x in theirs.flatten().tolist()) / 15)
        ours.grad, theirs.grad = gradient.clone(), gradient.clone()
        scaled.step()
        adam.step()
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_a_tensor_of_zeros_still_moves():
    zero = torch.nn.Parameter(torch.zeros(4))
    zero.grad = torch.ones(4)
    ScaledAdamW([zero], lr=0.02).step()
    torch.testing.assert_close(zero.detach(), torch.full((4,), -0.02 * 1e-3))


def test_weight_decay_shrinks_what_has_no_gradient():
    weight = torch.nn.Parameter(torch.full((4,), 2.0))
    weight.grad = torch.zeros(4)
    ScaledAdamW([weight], lr=0.1, weight_decay=0.5).step()
    torch.testing.assert_close(weight.detach(), torch.full((4,), 2.0 * (1 - 0.1 * 2.0 * 0.5)))


def test_schedule():
    rates = [learning_rate(step, 100, 10, 1.0) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == 1.0
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert 0 < rates[-1] < 0.02
