"""Records of the two subspace stages, by loops over their jobs and tasks."""

from __future__ import annotations

import json
from statistics import fmean

import pytest

from deltalab.report.subspace_record import approximation_record, optimization_record, solved_entry
from deltalab.task.builtin import make
from deltalab.task.metric.score import Score

FOUND = {"best_step": 20, "history": [{"step": 20}], "landscape": None}


@pytest.fixture(scope="module")
def task():
    return make("movie_sentiment", {"train": 9, "dev": 3, "test": 5})


def job(source, seed, dev, lr=0.1, **test):
    return {"name": f"{source}-{seed}-{lr}", "source": source, "seed": seed, "lr": lr, "dev": dev, "test": test}


def test_a_solved_task_holds_its_points_by_method(task):
    places = {("lora", "lora"): 0.25, ("lora", "centroid"): 0.5, ("ia3", "lora"): 0.75, ("ia3", "centroid"): 0.0}
    entry = solved_entry(task, {place: Score(value) for place, value in places.items()}, {"lora": 0.9})
    assert entry["points"] == {"lora": {"lora": 0.25, "centroid": 0.5}, "ia3": {"lora": 0.75, "centroid": 0.0}}
    assert (entry["e_orig"], entry["metric"], entry["name"]) == ({"lora": 0.9}, "ACC", "movie_sentiment")
    assert entry["rows"] == {"train": 9, "dev": 3, "test": 5}
    assert entry["fingerprint"] == task.fingerprint


def test_an_approximation_scores_the_mean_over_every_point_of_every_task(backbone):
    tasks = [
        {"points": {"lora": {"lora": 0.5, "centroid": 1.0}, "ia3": {"ia3": 0.0}}},
        {"points": {"lora": {"code": 0.25}}},
    ]
    record = approximation_record({"seed": 3}, backbone, {"lora": 30, "ia3": 7}, 4, tasks, FOUND, 12.3)
    assert record["score"] == pytest.approx((0.5 + 1.0 + 0.0 + 0.25) / 4)
    assert (record["methods"], record["sizes"], record["dim"]) == (["lora", "ia3"], {"lora": 30, "ia3": 7}, 4)
    assert {key: record[key] for key in FOUND} == FOUND
    assert (record["stage"], record["tasks"], record["config"]) == ("approximate", tasks, {"seed": 3})
    assert record["seconds"] == 12.3
    assert json.loads(json.dumps(record)) == record


JOBS = [
    job("lora", 0, 0.50, lr=0.1, lora=0.10, ia3=0.20),
    job("lora", 0, 0.75, lr=0.2, lora=0.30, ia3=0.40),
    job("lora", 0, 0.75, lr=0.3, lora=0.99, ia3=0.99),  # as good on dev, but later
    job("lora", 1, 0.25, lr=0.1, lora=0.50, ia3=0.60),
    job("lora", 1, None, lr=0.2, lora=0.98, ia3=0.98),  # diverged before its first dev score
    job("ia3", 0, 0.0, lr=0.1, lora=0.70, ia3=0.80),
]


@pytest.fixture(scope="module")
def record(task, backbone):
    return optimization_record({}, backbone, task, 4, ({"lora": 0.8, "ia3": 0.005}, 0.875), JOBS, 1.0)


def test_e_sub_is_the_mean_over_seeds_of_the_job_best_on_dev(record):
    expected = {
        "lora": {"lora": fmean([0.30, 0.50]), "ia3": fmean([0.40, 0.60])},
        "ia3": {"lora": 0.70, "ia3": 0.80},
    }
    assert record["e_sub"] == {source: pytest.approx(row) for source, row in expected.items()}


def test_e_rel_is_in_percent_of_e_orig_and_undefined_near_zero(record):
    assert record["e_rel"]["lora"]["lora"] == pytest.approx(100 * 0.4 / 0.8)
    assert record["e_rel"]["ia3"]["lora"] == pytest.approx(100 * 0.7 / 0.8)
    assert [record["e_rel"][source]["ia3"] for source in ("lora", "ia3")] == [None, None]


def test_the_score_is_that_of_the_sources_own_methods(record):
    assert record["score"] == pytest.approx(fmean([0.40, 0.80]))
    assert (record["e_orig"], record["e_full"]) == ({"lora": 0.8, "ia3": 0.005}, 0.875)
    assert (record["stage"], record["methods"], record["jobs"]) == ("optimize", ["lora", "ia3"], JOBS)


def test_one_source_of_several_methods(task, backbone):
    found = optimization_record({}, backbone, task, 4, ({"lora": 0.5, "ia3": 0.25}, None), JOBS[:1], 1.0)
    assert found["e_sub"] == {"lora": {"lora": 0.10, "ia3": 0.20}}
    assert found["e_rel"] == {"lora": pytest.approx({"lora": 20.0, "ia3": 80.0})}
    assert (found["score"], found["e_full"]) == (0.10, None)


def test_the_majority_is_that_of_the_training_rows(record, task):
    answers = [row.outputs[0] for row in task.train]
    guess = max(sorted(set(answers)), key=answers.count)
    assert record["majority"] == pytest.approx(sum(guess in row.outputs for row in task.test) / 5)
