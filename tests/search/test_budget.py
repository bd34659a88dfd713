"""Budgets against the published numbers and plain arithmetic."""

from __future__ import annotations

import math

import pytest
import torch

from deltalab.errors import UserError
from deltalab.search.budget import Budget, BudgetSchedule, checked_total
from deltalab.search.decay import Decay

T5_LARGE = 737_639_424


def test_the_published_budgets_of_t5_large():
    assert round(Budget(ppm=138.9).of(T5_LARGE)) == 102_458
    assert round(Budget(ppm=34.8).of(T5_LARGE)) == 25_670
    assert Budget(parameters=5000).of(T5_LARGE) == 5000


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, r"^budget: 0 of ppm and parameters are given; give one of the two$"),
        ({"ppm": 1.0, "parameters": 1.0}, r"^budget: 2 of ppm and parameters are given"),
        ({"ppm": 0.0}, r"^budget\.ppm=0\.0: a finite number above 0$"),
        ({"parameters": -3}, r"^budget\.parameters=-3: a finite number above 0$"),
        ({"ppm": math.inf}, r"^budget\.ppm=inf: a finite number above 0$"),
        ({"ppm": math.nan}, r"^budget\.ppm=nan: a finite number above 0$"),
    ],
)
def test_a_budget_is_one_positive_number(settings, message):
    with pytest.raises(UserError, match=message):
        Budget(**settings)


def test_a_schedule_falls_from_everything_to_the_budget():
    schedule = BudgetSchedule(Decay("linear", 4))
    assert [schedule.at(step, 100.0, 500.0) for step in range(6)] == pytest.approx([500, 400, 300, 200, 100, 100])
    schedule = BudgetSchedule(Decay("exponential", 2))
    assert [schedule.at(step, 100.0, 10_000.0) for step in range(4)] == pytest.approx([10_000, 1000, 100, 100])


def test_without_a_decay_the_budget_holds_from_the_first_step():
    assert BudgetSchedule().at(0, 100.0, 500.0) == 100


def test_a_budget_above_everything_never_rises():
    assert [BudgetSchedule(Decay("linear", 2)).at(step, 600.0, 500.0) for step in range(3)] == [600, 600, 600]


def test_the_total_is_the_sum_of_the_costs_even_where_float32_loses_it():
    assert checked_total(torch.tensor([2**24, 1, 1, 1]), 1.0) == 2**24 + 3


@pytest.mark.parametrize("budget", [0.0, -1.0, math.nan])
def test_a_budget_of_nothing_is_refused(budget):
    with pytest.raises(UserError, match=rf"^search\.budget={budget}: above 0$"):
        checked_total(torch.tensor([3, 4]), budget)


def test_a_budget_below_the_cheapest_unit_is_refused():
    with pytest.raises(UserError, match=r"^search\.budget=2\.5: no unit fits, the cheapest costs 3$"):
        checked_total(torch.tensor([4, 3]), 2.5)
