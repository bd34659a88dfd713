"""The tables of structures against means by hand."""

from __future__ import annotations

import json
from statistics import stdev

import pytest

from benchmarks.structures import tables
from benchmarks.structures_table import entry, gathered, markdown, over_random, transfer

from .structure_runs import full, one, record


def test_of_several_learning_rates_the_best_on_dev_counts():
    jobs = [
        {"lr": lr, "parameters": 7, "dev": {"value": dev}, "test": {"value": test}}
        for lr, dev, test in ((0.1, 0.2, 0.9), (0.2, 0.6, 0.3), (0.3, 0.5, 0.8))
    ]
    found = entry(record(jobs=jobs), {})
    assert (found["lr"], found["dev"], found["test"], found["parameters"]) == (0.2, 0.6, 0.3, 7)


RUNS = [
    full("a", 0.8),
    full("b", 0.5),
    *(one("a", "search", test, seed) for seed, test in enumerate((0.6, 0.7, 0.8))),
    one("b", "search", 0.4),
    *(one("a", "random", test, i % 2, draw=i) for i, test in enumerate((0.5, 0.6))),
    *(one("b", "random", test, i % 2, draw=i) for i, test in enumerate((0.4, 0.5))),
    one("a", "uniform", 0.3, space="bitfit"),
]


def test_scores_are_means_and_deviations():
    rows = markdown(gathered(RUNS)).splitlines()[2:]
    assert rows == [
        "|  |  | majority |  | 25.0 | 25.0 | 25.0 |",
        "|  |  | full | 30 | 80.0 | 50.0 | 65.0 |",
        f"| b | mix | search | 30 | 70.0 ± {100 * stdev([0.6, 0.7, 0.8]):.1f} | 40.0 | 55.0 |",
        f"| b | mix | random | 30 | 55.0 ± {100 * stdev([0.5, 0.6]):.1f} "
        f"| 45.0 ± {100 * stdev([0.4, 0.5]):.1f} | 50.0 |",
        "| b | bitfit | uniform | 30 | 30.0 |  |  |",
    ]


def test_the_search_is_counted_against_the_mean_of_random_structures():
    (row,) = over_random(gathered(RUNS)).splitlines()[2:]
    assert row == f"| b | mix | search | 2 | on 1 of 2 tasks | {(70 / 0.8 + 40 / 0.5) / 2:.1f} | 80.0 |"
    (bare,) = over_random(gathered([one("a", "search", 0.6)])).splitlines()[2:]
    assert bare == "| b | mix | search | none | on 0 of 0 tasks |  |  |"


def test_a_search_called_otherwise_has_a_row_and_a_matrix_of_its_own():
    slow = [one("a", "slow search", 0.9), one("b", "slow search", 0.1, source="a")]
    found = gathered([*RUNS, *slow])
    counted = [line.split(" | ")[2:5] for line in over_random(found).splitlines()[2:]]
    assert counted == [["search", "2", "on 1 of 2 tasks"], ["slow search", "2", "on 1 of 1 tasks"]]
    assert [line.split(" | ")[2] for line in markdown(found).splitlines()[4:7]] == ["search", "slow search", "random"]
    matrix = transfer(found, "b", "mix", "slow search").splitlines()
    assert [line.split(" | ")[:3] for line in matrix[2:3]] == [["| a", "90.0", "10.0"]]
    assert tables(found)[2] == "\n".join(matrix) + "\n"


def test_budgets_come_by_their_size():
    runs = [{**one("a", "search", 0.5, budget=budget), "parameters": most} for budget, most in (("2k", 9), ("5h", 3))]
    assert [line.split(" | ")[0] for line in over_random(gathered(runs)).splitlines()[2:]] == ["| 5h", "| 2k"]


def test_transfer_is_a_matrix_with_the_average_and_chance_below():
    moved = [one("a", "search", 0.1, source="b"), one("b", "search", 0.2, source="a")]
    moved += [one(task, "search", 0.3, source="average") for task in "ab"]
    found = gathered([*RUNS, *moved])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in transfer(found, "b", "mix").splitlines()[2:]]
    assert [[cell.split(" ")[0] for cell in row] for row in rows] == [
        ["a", "70.0", "20.0", "45.0"],
        ["b", "10.0", "40.0", "25.0"],
        ["average", "30.0", "30.0", "30.0"],
        ["random", "55.0", "45.0", "50.0"],
    ]
    assert markdown(found) == markdown(gathered(RUNS))  # what was moved has no place there


def test_what_is_found_later_takes_the_place_of_the_same_run():
    before = json.loads(json.dumps(gathered([one("a", "search", 0.1), one("a", "search", 0.2, seed=1)])))
    found = gathered([one("a", "search", 0.9)], before)
    assert sorted(run["test"] for run in found["runs"]) == [0.2, 0.9]


def test_unlike_runs_do_not_join():
    other = entry(record("a", 0.5, steps=20), {**RUNS[0], "choice": "search"})
    with pytest.raises(ValueError, match="a: runs of different"):
        gathered([full("a", 0.5), {**other, "steps": 20}])
