"""The shift against scipy's root finder, finite differences and its own promise."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.optimize import brentq
from scipy.special import expit

from deltalab.errors import UserError
from deltalab.search.shift import shift


def drawn(count, scale, seed=0, dearest=6):
    """alphas of a given scale and costs spread evenly over the powers of ten up to 10**dearest."""
    generator = torch.Generator().manual_seed(seed)
    alpha = scale * torch.randn(count, generator=generator, dtype=torch.float64)
    return alpha, (10 ** (dearest * torch.rand(count, generator=generator, dtype=torch.float64))).round()


@pytest.mark.parametrize("count", [1, 2, 17, 916, 10_000])
@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0, 1e4])
@pytest.mark.parametrize("part", ["least", 1e-3, 0.3, 0.999, 1 - 1e-9])
def test_the_probabilities_meet_the_budget(count, scale, part):
    alpha, costs = drawn(count, scale, seed=count)
    budget = float(costs.min()) if part == "least" else max(float(costs.min()), part * float(costs.sum()))
    spent = float((shift(alpha, costs, budget).sigmoid() * costs).sum())
    assert abs(spent - budget) <= 1e-6 * budget


@pytest.mark.parametrize("beta", [1e-2, 1.0, 50.0])
def test_float32_alphas_at_both_extremes_meet_the_budget(beta):
    alpha = torch.tensor([1e4, -1e4]).repeat(500)
    costs = torch.arange(1, 1001)
    for budget in (1.0, 1234.5, float(costs[::2].sum()), float(costs[::2].sum()) + 7.0, float(costs.sum()) - 0.5):
        logits = shift(alpha, costs, budget, beta)
        assert float((logits.sigmoid() * costs).sum()) == pytest.approx(budget, rel=1e-6)


def test_the_log_odds_are_those_of_a_root_finder():
    alpha, costs = drawn(50, 3.0)
    beta, budget = 0.7, 0.2 * float(costs.sum())

    def excess(b):
        return float((expit((alpha.numpy() - b) / beta) * costs.numpy()).sum()) - budget

    b = brentq(excess, -50, 50, xtol=1e-13)
    torch.testing.assert_close(shift(alpha, costs, budget, beta), (alpha - b) / beta, rtol=0, atol=1e-9)


@pytest.mark.parametrize("beta", [0.5, 2.0])
def test_its_derivatives_are_those_of_finite_differences(beta):
    alpha, costs = drawn(6, 2.0, dearest=2)
    budget = 0.4 * float(costs.sum())

    def p(at):
        return shift(at, costs, budget, beta).sigmoid()

    assert torch.autograd.gradcheck(p, alpha.requires_grad_())
    assert torch.autograd.gradgradcheck(p, alpha)


def test_a_detached_threshold_would_fail_that_check():
    alpha, costs = drawn(6, 2.0, dearest=2)
    budget = 0.4 * float(costs.sum())
    b = float((alpha - shift(alpha, costs, budget))[0])
    held = torch.autograd.functional.jacobian(lambda at: (at - b).sigmoid(), alpha)
    whole = torch.autograd.functional.jacobian(lambda at: shift(at, costs, budget).sigmoid(), alpha)
    assert (held - whole).abs().max() > 0.01


def test_no_direction_spends_more_than_the_budget():
    alpha, costs = drawn(200, 5.0)
    alpha.requires_grad_()
    spent = (shift(alpha, costs, 0.1 * float(costs.sum())).sigmoid() * costs).sum()
    assert torch.autograd.grad(spent, alpha)[0].abs().max() < 1e-9 * float(costs.sum())


def test_the_gradient_is_finite_where_every_sigmoid_is_flat():
    alpha = torch.tensor([1e4, -1e4, -1e4], dtype=torch.float64, requires_grad=True)
    logits = shift(alpha, torch.tensor([5, 5, 5]), 5.0)
    assert torch.autograd.grad(logits.sum(), alpha)[0].isfinite().all()
    assert logits.sigmoid().tolist() == pytest.approx([1, 0, 0])


@pytest.mark.parametrize("budget", [12.0, 1e9])
def test_a_budget_for_everything_opens_everything_without_a_gradient(budget):
    alpha = torch.tensor([1.0, -3.0, 0.5], requires_grad=True)
    p = shift(alpha, torch.tensor([3, 4, 5]), budget).sigmoid()
    assert p.tolist() == [1, 1, 1]
    assert torch.autograd.grad(p.sum(), alpha)[0].tolist() == [0, 0, 0]


def test_alphas_alike_share_the_budget_evenly():
    p = shift(torch.full((4,), 7.3), torch.tensor([1, 10, 100, 1000]), 60.55).sigmoid()
    torch.testing.assert_close(p, torch.full((4,), 60.55 / 1111, dtype=torch.float64))


def test_the_published_gradient_keeps_the_sum_of_p():
    alpha, costs = drawn(8, 2.0, dearest=2)
    alpha.requires_grad_()
    budget = 0.3 * float(costs.sum())
    implicit, published = (shift(alpha, costs, budget, 0.5, kind).sigmoid() for kind in ("implicit", "published"))
    torch.testing.assert_close(published, implicit)
    b = (alpha - 0.5 * shift(alpha, costs, budget, 0.5))[0].detach()
    raw = ((alpha - b) / 0.5).sigmoid()
    theirs = raw / raw.sum() * raw.sum().detach()  # as published
    weights = torch.linspace(-1, 1, 8, dtype=torch.float64)
    expected = torch.autograd.grad(weights @ theirs, alpha)[0]
    torch.testing.assert_close(torch.autograd.grad(weights @ published, alpha, retain_graph=True)[0], expected)
    assert torch.autograd.grad(published.sum(), alpha)[0].abs().max() < 1e-12


@pytest.mark.parametrize(
    ("budget", "beta", "gradient", "message"),
    [
        (0.0, 1.0, "implicit", r"^search\.budget=0\.0: "),
        (2.0, 1.0, "implicit", r"^search\.budget=2: no unit fits, the cheapest costs 3$"),
        (4.0, 0.0, "implicit", r"^strategy\.beta=0\.0: a number above 0$"),
        (4.0, math.nan, "implicit", r"^strategy\.beta=nan: a number above 0$"),
        (4.0, 1.0, "implict", r"^strategy\.gradient: unknown gradient 'implict'; did you mean implicit"),
    ],
)
def test_mistakes_are_one_line(budget, beta, gradient, message):
    with pytest.raises(UserError, match=message):
        shift(torch.zeros(2), torch.tensor([3, 4]), budget, beta, gradient)
