"""A search with a known answer: a linear model in which only some of the units see what the target depends on."""

from __future__ import annotations

import pytest
import torch

from deltalab.search.gate import Gate, logistic_noise
from deltalab.search.hypergradient import exact, finite_difference, first_order
from deltalab.search.shift import shift
from deltalab.search.virtual_step import AdamW

UNITS, PLANTED, WIDTH, ROWS, STEPS = 12, 3, 3, 24, 60


def linear(x, y):
    """Mean squared errors (G,) of thetas (G, D) whose units are weighed by gates z (N,)."""
    return lambda thetas, z: ((thetas * z.repeat_interleave(WIDTH)) @ x.T - y).square().mean(-1)


def problem(seed):
    """Which units help, and losses on two halves; there are fewer rows than weights, so every unit can fit the train
    half, but only the planted ones help on the other."""
    generator = torch.Generator().manual_seed(seed)
    planted = torch.randperm(UNITS, generator=generator)[:PLANTED]
    truth = torch.zeros(UNITS, WIDTH)
    truth[planted] = torch.randn(PLANTED, WIDTH, generator=generator).sign()
    x = torch.randn(2, ROWS, UNITS * WIDTH, generator=generator)
    y = x @ truth.flatten() + 0.3 * torch.randn(2, ROWS, generator=generator)
    return set(planted.tolist()), linear(x[0], y[0]), linear(x[1], y[1])


def search(hypergradient, train, val, costs, budget, gate, seed):
    """p after alternating steps of alpha, by a hypergradient, and theta, by its own gradient."""
    generator = torch.Generator().manual_seed(100 + seed)
    theta, alpha = torch.zeros(UNITS * WIDTH, requires_grad=True), torch.zeros(UNITS, requires_grad=True)
    lower = torch.optim.AdamW([theta], lr=0.1, weight_decay=0.0)
    upper = torch.optim.Adam([alpha], lr=0.1)
    for _ in range(STEPS):
        noise = logistic_noise(UNITS, generator)
        z = gate(shift(alpha, costs, budget), noise, 0.7).float()
        found = hypergradient(train, val, AdamW.following(lower, theta), theta, z)
        upper.zero_grad()
        z.backward(found.gradient)
        upper.step()
        lower.zero_grad()
        train(theta[None], z.detach())[0].backward()
        lower.step()
    return shift(alpha, costs, budget).sigmoid().detach()


@pytest.mark.parametrize("hypergradient", [first_order, finite_difference, exact])
def test_a_search_finds_the_planted_units(hypergradient):
    """With sampled gates: soft ones only scale a unit, which theta makes up for, and find them less often."""
    hits = 0
    for seed in range(10):
        planted, train, val = problem(seed)
        costs = torch.randint(5, 10, (UNITS,), generator=torch.Generator().manual_seed(seed))
        budget = float(costs[list(planted)].sum())
        p = search(hypergradient, train, val, costs, budget, Gate("concrete"), seed)
        hits += set(p.topk(PLANTED).indices.tolist()) == planted
    assert hits >= 9
