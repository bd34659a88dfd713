"""Whole runs of stage=optimize."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import pytest
import torch

from deltalab.interop.opened import open_solution
from deltalab.subspace.file import load
from deltalab.subspace.optimize import SubspaceOptimization

from .stages import (
    LEARN,
    METHODS,
    MOVE,
    MOVED,
    SHORT,
    SOURCE,
    accuracy,
    cut_short,
    deltas,
    findings,
    same_end,
    small_task,
    solution_of,
    stored,
    watched,
)

BOTH_TASKS = [f"{task} {method}" for task in ("movie_sentiment", "restaurant_sentiment") for method in METHODS]


def test_one_command_makes_all_that_it_rests_on(moved, store):
    assert (moved.tuned, moved.learnt) == (BOTH_TASKS, 1)
    assert {path.name for path in moved.folder.iterdir()} == {
        ".hydra",
        "train.log",
        "record.json",
        "pictures",
        "checkpoints",
        "jobs",
    }
    assert {path.name for path in (moved.folder / "pictures").iterdir()} == {"heatmap.png"}
    record = moved.record
    assert (record["stage"], record["kind"], record["dim"], record["methods"]) == ("optimize", "learned", 2, METHODS)
    assert [entry.path for entry in stored(store, "subspace")] == [Path(record["origin"])]
    assert moved.outcome.out.splitlines()[-1] == f"record: {moved.folder / 'record.json'}"


def test_every_source_seed_and_rate_is_a_job(moved):
    jobs = [(job["source"], job["seed"], job["lr"]) for job in moved.record["jobs"]]
    assert jobs == [(source, seed, lr) for source in METHODS for seed in (0, 1) for lr in (0.1, 3)]


def test_test_scores_are_those_of_the_decoded_code(moved, model):
    """One code as every method, and every source's own column, one row at a time."""
    bound, task = deltas(model), small_task("restaurant_sentiment")
    subspace = load(Path(moved.record["origin"]), bound).subspace
    scores = []
    for job in moved.record["jobs"][::3]:
        for target, delta in bound.items():
            theta = subspace.decode(target, torch.tensor(job["code"]))
            scores.append(accuracy(model, delta, theta, task.test, task.labels))
            assert job["test"][target] == pytest.approx(scores[-1]), (job["name"], target)
    assert len(set(scores)) > 1


def test_every_job_leaves_a_solution_of_every_method(moved, model):
    """It opens without the config of the run, and counts from the theta0 of the subspace."""
    bound = deltas(model)
    subspace = load(Path(moved.record["origin"]), bound).subspace
    for job in moved.record["jobs"]:
        for target in bound:
            opened = open_solution(moved.folder / "jobs" / job["name"] / "solutions" / target)
            expected = subspace.decode(target, torch.tensor(job["code"]))
            torch.testing.assert_close(opened.solution.theta, expected)
            assert torch.equal(opened.solution.theta0, subspace[target].up.theta0)
            assert opened.solution.card["job"]["test"]["value"] == job["test"][target]


def test_e_sub_is_the_mean_over_seeds_of_the_best_on_dev(moved):
    record = moved.record
    for source in METHODS:
        best = []
        for seed in (0, 1):
            tried = [job for job in record["jobs"] if (job["source"], job["seed"]) == (source, seed)]
            assert len(tried) == 2
            best.append(sorted(tried, key=lambda job: -job["dev"])[0])
        for target in METHODS:
            assert record["e_sub"][source][target] == pytest.approx(fmean(job["test"][target] for job in best))
    assert record["score"] == pytest.approx(fmean(record["e_sub"][method][method] for method in METHODS))


def test_e_rel_is_in_percent_of_the_targets_own_score(moved, store, model):
    record, task = moved.record, small_task("restaurant_sentiment")
    for target, delta in deltas(model).items():
        theta = solution_of(store, task.name, delta).theta
        original = accuracy(model, delta, theta, task.test, task.labels)
        assert record["e_orig"][target] == pytest.approx(original)
        for source in METHODS:
            assert record["e_rel"][source][target] == pytest.approx(100 * record["e_sub"][source][target] / original)


def test_a_second_run_finds_everything(moved, store, model, tmp_path):
    again = watched(*MOVED, f"store.root={store}", folder=tmp_path, model=model)
    assert (again.tuned, again.learnt) == ([], 0)
    assert findings(again) == findings(moved)


def test_rebuild_makes_everything_anew(moved, store, model, tmp_path):
    before = {entry.path: entry.created for entry in stored(store, "solution") + stored(store, "subspace")}
    anew = watched(*MOVED, f"store.root={store}", "store.rebuild=true", folder=tmp_path, model=model)
    assert (anew.tuned, anew.learnt) == (BOTH_TASKS, 1)
    after = {entry.path: entry.created for entry in stored(store, "solution") + stored(store, "subspace")}
    assert after.keys() == before.keys()
    assert all(after[path] > before[path] for path in before)
    assert findings(anew) == findings(moved)


def test_what_approximate_learnt_is_found_by_optimize(moved, store, model, tmp_path):
    """The two commands agree about the key."""
    learnt = watched(*LEARN, "subspace.dim=3", f"store.root={store}", folder=tmp_path / "learnt", model=model)
    given = (*MOVE, SOURCE, *SHORT, "subspace=d2", "subspace.dim=3", f"store.root={store}")
    found = watched(*given, folder=tmp_path / "found", model=model)
    assert (learnt.tuned, found.tuned, found.learnt) == ([], [], 0)
    assert found.record["dim"] == 3


def test_an_interrupted_run_goes_on_to_the_same_end(moved, store, model, tmp_path):
    rates = ("optimizer.lr=null", "pack.lr=[0.1,3]", "pack.delta=[lora]")
    given = (*MOVE, SOURCE, "subspace=d2", *rates, "trainer.max_steps=6", "trainer.val_check_interval=2")
    given = (*given, f"store.root={store}")
    through = watched(*given, folder=tmp_path / "through", model=model)
    left = cut_short(SubspaceOptimization, 5, *given, folder=tmp_path / "cut", model=model)
    resumed = watched(*given, f"resume={left}", folder=tmp_path / "resumed", model=model)
    assert findings(resumed) == findings(through)
    assert same_end(through.folder, resumed.folder)
