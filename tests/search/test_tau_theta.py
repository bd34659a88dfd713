"""The scaled softmax against scipy's root finder and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import brentq
from scipy.special import softmax

from deltalab.errors import UserError
from deltalab.search.tau_theta import tau_theta

from .test_shift import drawn


def by_roots(alpha, costs, budget):
    """p with tau = 1, or with tau such that the largest p is 1."""

    def p(log_tau):
        s = softmax(alpha / np.exp(log_tau))
        return budget / (s @ costs) * s

    return p(0.0) if p(0.0).max() <= 1 else p(brentq(lambda at: p(at).max() - 1, 0.0, 40.0, xtol=1e-14))


@pytest.mark.parametrize("count", [1, 2, 17, 10_000])
@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0, 1e4])
@pytest.mark.parametrize("part", [1e-3, 0.3, 0.999])
def test_it_agrees_with_a_root_finder(count, scale, part):
    alpha, costs = drawn(count, scale, seed=count)
    budget = max(float(costs.min()), part * float(costs.sum()))
    p = tau_theta(alpha, costs, budget).sigmoid()
    assert abs(float(p @ costs) - budget) <= 1e-6 * budget
    assert float(p.max()) <= 1
    np.testing.assert_allclose(p.numpy(), by_roots(alpha.numpy(), costs.numpy(), budget), rtol=2e-5, atol=1e-6)


def test_its_gradient_is_that_of_finite_differences_while_no_p_reaches_1():
    alpha, costs = drawn(6, 0.3, dearest=2)
    budget = 0.15 * float(costs.sum())
    assert float(tau_theta(alpha, costs, budget).sigmoid().max()) < 0.9
    assert torch.autograd.gradcheck(lambda at: tau_theta(at, costs, budget).sigmoid(), alpha.requires_grad_())
    assert torch.autograd.gradgradcheck(lambda at: tau_theta(at, costs, budget).sigmoid(), alpha)


def test_a_p_that_reaches_1_keeps_its_gradient_and_the_budget():
    alpha, costs = torch.tensor([9.0, 1.0, 0.0, -1.0], dtype=torch.float64), torch.tensor([2, 3, 4, 5])
    alpha.requires_grad_()
    p = tau_theta(alpha, costs, 6.0).sigmoid()
    assert p[0].item() == pytest.approx(1, abs=1e-6)
    assert float(torch.autograd.grad(p[0], alpha, retain_graph=True)[0][0]) > 0.01
    assert torch.autograd.grad(p @ costs.double(), alpha)[0].abs().max() < 1e-8


def test_a_budget_for_everything_opens_everything_without_a_gradient():
    alpha = torch.tensor([1.0, -3.0], requires_grad=True)
    p = tau_theta(alpha, torch.tensor([3, 4]), 7.0).sigmoid()
    assert p.tolist() == [1, 1]
    assert torch.autograd.grad(p.sum(), alpha)[0].tolist() == [0, 0]


@pytest.mark.parametrize("budget", [0.0, 2.0])
def test_a_budget_that_buys_nothing_is_refused(budget):
    with pytest.raises(UserError, match=rf"^search\.budget={budget:g}"):
        tau_theta(torch.zeros(2), torch.tensor([3, 4]), budget)
