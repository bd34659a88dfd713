"""What counts of records of search and tuning."""

from __future__ import annotations

import pytest

from deltalab.report.picture.outcomes import Outcome, about, outcomes

from .searches import job, search, tuning
from .support import optimization, square


def test_jobs_of_a_search_are_named_by_its_choice():
    found = outcomes([search("random", 100, 0.5, 0.75)])
    assert found == [Outcome("random", pytest.approx(90), score, "100") for score in (0.5, 0.75)]


def test_jobs_of_tuning_are_named_by_their_delta_and_have_no_budget():
    found = outcomes([tuning([job(0.8, 0.01, delta="lora"), job(0.9, 1.0, delta="full")])])
    assert found == [Outcome("lora", 1e4, 0.8, None), Outcome("full", 1e6, 0.9, None)]


def test_spaces_are_named_where_there_are_several():
    records = [search("search", 9, 0.5), search("search", 9, 0.6, methods=("lora", "bitfit")), search("all", 9, 0.7)]
    assert [one.name for one in outcomes(records)] == ["search: lora", "search: 2 methods", "all: lora"]
    assert [one.name for one in outcomes(records[:1])] == ["search"]


def test_options_are_named_where_there_are_several():
    """Two strategies are no two seeds of one."""
    shift, tau = ({"search_space": "mix", "strategy": name, "gate": "concrete"} for name in ("shift", "tau_theta"))
    records = [{**search("search", 9, 0.5), "options": options} for options in (shift, tau)]
    records.append({**search("random", 9, 0.4), "options": {"search_space": "mix"}})
    assert [one.name for one in outcomes(records)] == ["search: shift", "search: tau_theta", "random"]


def test_runs_that_differ_in_more_than_their_seed_are_told_apart():
    configs = [
        {"seed": 0, "strategy": {"beta": 1.0}, "choice": {"seed": 0}},
        {"seed": 1, "strategy": {"beta": 1.0}, "choice": {"seed": 1}},
        {"seed": 1, "strategy": {"beta": 2.0}, "choice": {"seed": 1}},
    ]
    first, second, third = outcomes([{**search("search", 9, 0.5), "config": config} for config in configs])
    assert first == second != third


def test_a_budget_of_another_cost_is_another_line():
    records = [search("search", 9, 0.5), search("search", 9, 0.5, unit="FLOPs"), search("all", 9, 0.5, budget=None)]
    assert [(one.name, one.budget) for one in outcomes(records)] == [
        ("search", "9"),
        ("search by FLOPs", "9"),
        ("all", None),
    ]


def test_of_several_rates_of_one_seed_the_best_on_dev_counts():
    rates = [(0.1, 0.3), (0.2, 0.6), (0.3, 0.6), (0.4, None)]
    jobs = [job(score, 0.01, seed=1, delta="lora", dev=dev) for score, dev in rates]
    assert [one.score for one in outcomes([tuning([*jobs, job(0.9, 0.01, seed=2, delta="lora")])])] == [0.2, 0.9]


@pytest.mark.parametrize(
    ("record", "place"),
    [
        (search("search", 9, 0.5), ("sst", "ACC")),
        (tuning([job(0.5, 0.1)], task="rte"), ("rte", "ACC")),
        (search("search", 9), None),
        (optimization(square(80.0, methods=("lora",))), None),
        ({"stage": "tune"}, None),
        ({}, None),
    ],
)
def test_only_what_was_trained_counts(record, place):
    assert about(record) == place
