"""Gradients are clipped together, those in factors with the others."""

import pytest
import torch

from deltalab.optimizer.clip import clip
from deltalab.optimizer.factors import Matrix, product


def given():
    generator = torch.Generator().manual_seed(0)
    found = [torch.nn.Parameter(torch.zeros(size)) for size in (60, 16)]
    for theta in found:
        theta.grad = torch.randn(theta.shape, generator=generator)
    return [*found, torch.nn.Parameter(torch.zeros(3))]


def shrunk(gradients, limit, by):
    if limit is None:
        return gradients
    norm = sum(float((one**2).sum()) for one in gradients) ** 0.5
    return [one.clamp(-limit, limit) if by == "value" else one * min(1.0, limit / norm) for one in gradients]


@pytest.mark.parametrize("by", ["norm", "value", None])
@pytest.mark.parametrize("limit", [0.5, 1000.0, None])
def test_gradients_are_clipped_together(limit, by):
    found = given()
    before = [theta.grad.clone() for theta in found[:2]]
    clip(iter(found), limit, by)
    for theta, wanted in zip(found, shrunk(before, limit, by), strict=False):
        torch.testing.assert_close(theta.grad, wanted)
    assert found[2].grad is None


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("by", ["norm", "value"])
@pytest.mark.parametrize("limit", [0.5, 1000.0, None])
def test_gradients_in_factors_are_clipped_with_the_others(limit, by, both):
    found, matrix = given(), Matrix(torch.ones(20, 6))
    matrix.factors = []
    for seed in (1, 2):
        x = torch.randn(2, 6, generator=torch.Generator().manual_seed(seed))
        product(x, matrix).pow(2).sum().backward()
    whole = sum(one.left.T @ one.right for one in matrix.factors)
    if both:
        matrix.sum().backward()
        whole = whole + 1
    before = [*(theta.grad.clone() for theta in found[:2]), whole]
    clip([*found, matrix], limit, by)
    matrix.settle()
    gradients = [*(theta.grad for theta in found[:2]), matrix.grad]
    for one, wanted in zip(gradients, shrunk(before, limit, by), strict=True):
        torch.testing.assert_close(one, wanted)
