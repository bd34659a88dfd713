"""A whole search finds the units that were planted, by every strategy and every hypergradient."""

from __future__ import annotations

import logging
from functools import partial

import pytest
import torch

from deltalab.search.budget import BudgetSchedule
from deltalab.search.decay import Decay
from deltalab.search.gate import Gate
from deltalab.search.strategy import L0, Shift, TauTheta
from deltalab.search.upper import Exact, FiniteDifference, FirstOrder, OneLevel

from .toy import UNITS, Problem, fit, search

HARD = Gate(low=-0.1, high=1.1)


@pytest.fixture(autouse=True)
def _quiet():
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


FALLING = BudgetSchedule(Decay("exponential", 0.5))


def found(seed, strategy, hypergradient, gate, **settings):
    problem = Problem(seed, one_level=isinstance(hypergradient, OneLevel))
    return fit(search(problem, strategy, hypergradient, seed, gate, **settings), problem).chosen == problem.planted


@pytest.mark.parametrize(
    ("strategy", "hypergradient", "gate"),
    [
        (Shift(), FiniteDifference(), Gate()),
        (TauTheta(), FiniteDifference(), Gate()),
        (L0(0.1), FiniteDifference(), HARD),
        (Shift(), OneLevel(), Gate()),
    ],
    ids=["shift", "tau_theta", "l0", "one_level"],
)
def test_a_strategy_finds_the_planted_units(strategy, hypergradient, gate):
    assert sum(found(seed, strategy, hypergradient, gate) for seed in range(10)) >= 9


@pytest.mark.parametrize(
    "hypergradient", [FirstOrder(), FirstOrder(look_ahead=True), FiniteDifference(published=True), Exact()], ids=str
)
def test_a_hypergradient_finds_the_planted_units(hypergradient):
    assert sum(found(seed, Shift(), hypergradient, Gate()) for seed in range(3)) == 3


@pytest.mark.parametrize(
    ("strategy", "hypergradient"),
    [(Shift(), FiniteDifference()), (TauTheta(), FiniteDifference()), (Shift(), OneLevel())],
    ids=["shift", "tau_theta", "one_level"],
)
def test_a_falling_budget_finds_the_planted_units(strategy, hypergradient):
    assert sum(found(seed, strategy, hypergradient, Gate(), budget_schedule=FALLING) for seed in range(10)) >= 9


def test_alpha_finds_them_and_not_the_choice():
    """Where alpha stays where it is all units are alike, and the first that fit are chosen."""
    problem = Problem(0)
    module = fit(search(problem, Shift(), FirstOrder(), alpha_optimizer=partial(torch.optim.Adam, lr=0.0)), problem, 5)
    assert module.chosen != problem.planted
    assert module.best_p.tolist() == pytest.approx([problem.budget / float(problem.costs.sum())] * UNITS)
