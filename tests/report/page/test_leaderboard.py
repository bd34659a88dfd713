"""Means over seeds, recomputed from the records by a loop."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from deltalab.report.page.leaderboard import leaderboard
from deltalab.report.page.run import read

from .records import config, job, leave, moved, searched, tuned


@pytest.fixture
def rows(tmp_path):
    """`rows(record, ...)`: the leaderboard of these records."""

    def made(*records: dict):
        return leaderboard([read(leave(tmp_path / str(i), record)) for i, record in enumerate(records)])

    return made


def test_means_and_deviations_are_over_the_seeds_of_one_method(rows):
    rng = np.random.default_rng(0)
    scores = {(method, seed): float(rng.random()) for method in ("lora", "prefix") for seed in range(4)}
    found = rows(tuned([job(method, seed, score) for (method, seed), score in scores.items()]))
    assert {row.first.method for row in found} == {"lora", "prefix"}
    for row in found:
        values = np.array([score for (method, _), score in scores.items() if method == row.first.method])
        assert row.mean == pytest.approx(values.mean())
        assert row.deviation == pytest.approx(values.std(ddof=1))
        assert [result.seed for result in row.kept] == [0, 1, 2, 3]
    assert found[0].mean > found[1].mean


def test_one_seed_has_no_deviation(rows):
    (row,) = rows(tuned([job("lora", 7, 0.5)]))
    assert row.deviation is None


def test_of_a_seed_the_best_on_dev_counts_and_the_earliest_of_equal_ones(rows):
    jobs = [job("lora", 0, 0.9, dev=0.1), job("lora", 0, 0.4, dev=0.8), job("lora", 0, 0.7, dev=0.8)]
    jobs += [job("lora", 1, 0.2, dev=None), job("lora", 1, 0.6, dev=0.0)]
    (row,) = rows(tuned(jobs))
    assert [result.test for result in row.kept] == [0.4, 0.6]
    assert row.dev == pytest.approx(0.4)


def test_runs_that_differ_by_seed_and_place_are_repetitions(rows):
    records = [
        tuned([job("lora", seed, 0.1 * seed)], seconds=seconds, config=config(seed=seed, output_dir=str(seed)))
        for seed, seconds in ((1, 10.0), (2, 30.0))
    ]
    (row,) = rows(*records)
    assert row.mean == pytest.approx(0.15)
    assert (row.seconds, len(row.runs), row.jobs) == (20.0, 2, 1)


def test_an_option_that_is_null_is_as_one_that_is_not_there(rows):
    before, after = config(task={"noise": 0.05}), config(task={"noise": 0.05, "shots": None})
    (row,) = rows(tuned([job("lora", 1, 0.1)], config=before), tuned([job("lora", 2, 0.2)], config=after))
    assert row.mean == pytest.approx(0.15)
    asked = config(task={"noise": 0.05, "shots": 4})
    assert len(rows(tuned([job("lora", 1, 0.1)], config=before), tuned([job("lora", 2, 0.2)], config=asked))) == 2


def test_the_same_run_twice_counts_once(rows):
    (row,) = rows(tuned([job("lora", 1, 0.3)]), tuned([job("lora", 1, 0.3)]), tuned([job("lora", 2, 0.5)]))
    assert [result.seed for result in row.kept] == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        tuned([job("lora", 1, 0.9)], fingerprint="bbbbbbbb"),
        tuned([job("lora", 1, 0.9)], task="topic"),
        tuned([job("lora", 1, 0.9)], metric="EM"),
        tuned([job("lora", 1, 0.9, size=9)]),
        tuned([job("lora", 1, 0.9)], config=config(recipe={"max_steps": 10})),
        tuned([job("lora", 1, 0.9)], config=config(trainer={"max_steps": 10})),
        tuned([job("lora", 1, 0.9)], backbone={"source": "tiny", "weights": "v", "parameters": 1_000_000}),
    ],
    ids=["rows", "task", "metric", "size", "recipe", "trainer", "weights"],
)
def test_what_is_not_the_same_is_not_averaged(rows, other):
    assert len(rows(tuned([job("lora", 0, 0.1)]), other)) == 2


def test_structures_of_several_sizes_are_seeds_of_one_search(rows):
    records = [searched([job("structure", seed, 0.5, size=size)]) for seed, size in ((0, 100), (1, 120))]
    (row,) = rows(*records)
    assert (row.parameters, row.ppm) == (110.0, pytest.approx(110.0))
    assert row.first.method == "structure by random, 139 ppm of parameters"


def test_searches_under_several_budgets_are_rows_of_their_own(rows):
    found = rows(searched([job("structure", 0, 0.5)]), searched([job("structure", 0, 0.6)], ppm=35.0))
    told = {f"structure by random, {budget} ppm of parameters" for budget in ("139", "35")}
    assert {row.first.method for row in found} == told


def test_an_optimization_counts_with_its_own_method_and_its_few_numbers(rows):
    record = moved(90.0, 80.0, 70.0, 100.0)
    record["jobs"][0]["test"] = {"adapter": 0.3, "lora": 0.9}
    by_method = {row.first.method: row for row in rows(record)}
    row = by_method["adapter, learned subspace d=4"]
    assert (row.mean, row.dev, row.parameters, row.ppm) == (0.3, 0.6, 4.0, 4.0)


def test_jobs_without_a_test_score_have_no_place(rows):
    assert rows(tuned([job("lora", 0, None)])) == []


def test_what_is_not_a_number_comes_last_in_its_task(rows, tmp_path):
    record = json.loads(json.dumps(tuned([job("lora", 0, math.nan), job("prefix", 0, 0.1)])))
    assert [row.first.method for row in rows(record)] == ["prefix", "lora"]
