"""Plans hold what fits."""

from __future__ import annotations

from pathlib import Path

from benchmarks.structures_plan import Plan, Size

SIZES = {"mix": Size(10, 500), "lora": Size(40, 400), "bitfit": Size(10, 60), "lra": Size(70, 200)}


def plan(**given):
    wanted = {
        "tasks": ["a", "b"],
        "budgets": ["low", "high"],
        "spaces": ["mix", "lora"],
        "choices": ["search", "random"],
        "singles": ["bitfit", "lra"],
        "seeds": [3, 4],
        "random": 3,
        "override": ["search.max_steps=2", "pack.lr=[1]"],
        "full": ["pack.lr=[2]"],
        "sizes": SIZES,
        "amounts": {"low": 30.0, "high": 80.0},
    }
    return Plan(**(wanted | given))


def test_a_plan_holds_what_fits():
    runs = list(plan(tasks=["a"]).runs())
    kinds = {(run.facts["budget"], run.facts["space"], run.facts["choice"]) for run in runs}
    assert kinds == {
        (None, None, "full"),
        ("low", "mix", "search"),
        ("low", "mix", "random"),
        ("low", "bitfit", "uniform"),
        ("high", "mix", "search"),
        ("high", "mix", "random"),
        ("high", "lora", "search"),
        ("high", "lora", "random"),
        ("high", "bitfit", "all"),
        ("high", "lra", "uniform"),
    }
    assert len({run.place for run in runs}) == len(runs)


def test_the_first_seed_of_every_task_comes_first():
    seeds = [run.facts["seed"] for run in plan().runs()]
    assert seeds == sorted(seeds)
    assert [run.facts["task"] for run in plan().runs() if run.facts["seed"] == 3][-1] == "b"


def test_random_structures_are_drawn_once_each_and_trained_with_the_seeds_in_turn():
    drawn = [run for run in plan(tasks=["a"], budgets=["low"]).runs() if run.facts["choice"] == "random"]
    assert sorted((run.facts["draw"], run.facts["seed"]) for run in drawn) == [(0, 3), (1, 4), (2, 3)]
    assert all({f"choice.seed={run.facts['draw']}", f"seed={run.facts['seed']}"} < set(run.words) for run in drawn)


def test_overrides_go_where_they_belong():
    runs = list(plan().runs())
    for run in runs:
        assert ("search.max_steps=2" in run.words) == (run.program == "search")
        assert run.words.count("pack.lr=[1]") == 1
    assert all(run.words[-1] == "pack.lr=[2]" for run in runs if run.facts["choice"] == "full")
    moved = plan().moved("a", "low", "mix", "b", 3, Path("s.yaml"))
    assert moved.program == "train"
    assert {"delta=structure", "delta.path='s.yaml'", "task=a", "seed=3", "pack.lr=[1]"} == set(moved.words)


def test_searches_may_be_called_something_else():
    same, other = (list(plan(tasks=["a"], **given).runs()) for given in ({}, {"called": "search, long"}))
    assert [run.words for run in other] == [run.words for run in same]
    for mine, theirs in zip(other, same, strict=True):
        assert mine.facts == theirs.facts | ({"choice": "search, long"} if theirs.facts["choice"] == "search" else {})
    assert (
        plan(called="search, long").moved("a", "low", "mix", "b", 3, Path("s.yaml")).facts["choice"] == "search, long"
    )
