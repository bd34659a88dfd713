"""Whole runs of stage=optimize."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import pytest
import torch

from deltalab.interop.opened import open_solution
from deltalab.subspace.file import load
from deltalab.subspace.optimize import SubspaceOptimization
from deltalab.task.folder import read

from .stages import (
    LEARN,
    MOVE,
    SOURCE,
    TINY,
    Watched,
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
from .support import program

METHODS = ["lora", "adapter"]
FOUR_EACH = ("optimizer.lr=null", "pack.lr=[0.1,3]", "pack.seed=[0,1]")
GIVEN = (*MOVE, SOURCE, "subspace=d2", "trainer.max_steps=4", *FOUR_EACH)
SHORT = ("trainer.max_steps=1", "trainer.val_check_interval=1")
BOTH_TASKS = [f"{task} {method}" for task in ("movie_sentiment", "restaurant_sentiment") for method in METHODS]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def first(model: Path, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A run of two sources, two seeds and two learning rates that finds nothing in the store."""
    return watched(*GIVEN, f"store.root={store}", folder=tmp_path_factory.mktemp("first"), model=model)


def test_one_command_makes_all_that_it_rests_on(first, store):
    assert (first.tuned, first.learnt) == (BOTH_TASKS, 1)
    assert {path.name for path in first.folder.iterdir()} == {
        ".hydra",
        "train.log",
        "record.json",
        "pictures",
        "checkpoints",
        "jobs",
    }
    assert {path.name for path in (first.folder / "pictures").iterdir()} == {"heatmap.png"}
    record = first.record
    assert (record["stage"], record["kind"], record["dim"], record["methods"]) == ("optimize", "learned", 2, METHODS)
    assert [entry.path for entry in stored(store, "subspace")] == [Path(record["origin"])]
    assert first.outcome.out.splitlines()[-1] == f"record: {first.folder / 'record.json'}"


def test_every_source_seed_and_rate_is_a_job(first):
    jobs = [(job["source"], job["seed"], job["lr"]) for job in first.record["jobs"]]
    assert jobs == [(source, seed, lr) for source in METHODS for seed in (0, 1) for lr in (0.1, 3)]


def test_test_scores_are_those_of_the_decoded_code(first, model):
    """One code as every method, and every source's own column, one row at a time."""
    bound, task = deltas(model), small_task("restaurant_sentiment")
    subspace = load(Path(first.record["origin"]), bound).subspace
    scores = []
    for job in first.record["jobs"][::3]:
        for target, delta in bound.items():
            theta = subspace.decode(target, torch.tensor(job["code"]))
            scores.append(accuracy(model, delta, theta, task.test, task.labels))
            assert job["test"][target] == pytest.approx(scores[-1]), (job["name"], target)
    assert len(set(scores)) > 1


def test_every_job_leaves_a_solution_of_every_method(first, model):
    """It opens without the config of the run, and counts from the theta0 of the subspace."""
    bound = deltas(model)
    subspace = load(Path(first.record["origin"]), bound).subspace
    for job in first.record["jobs"]:
        for target in bound:
            opened = open_solution(first.folder / "jobs" / job["name"] / "solutions" / target)
            expected = subspace.decode(target, torch.tensor(job["code"]))
            torch.testing.assert_close(opened.solution.theta, expected)
            assert torch.equal(opened.solution.theta0, subspace[target].up.theta0)
            assert opened.solution.card["job"]["test"]["value"] == job["test"][target]


def test_e_sub_is_the_mean_over_seeds_of_the_best_on_dev(first):
    record = first.record
    for source in METHODS:
        best = []
        for seed in (0, 1):
            tried = [job for job in record["jobs"] if (job["source"], job["seed"]) == (source, seed)]
            assert len(tried) == 2
            best.append(sorted(tried, key=lambda job: -job["dev"])[0])
        for target in METHODS:
            assert record["e_sub"][source][target] == pytest.approx(fmean(job["test"][target] for job in best))
    assert record["score"] == pytest.approx(fmean(record["e_sub"][method][method] for method in METHODS))


def test_e_rel_is_in_percent_of_the_targets_own_score(first, store, model):
    record, task = first.record, small_task("restaurant_sentiment")
    for target, delta in deltas(model).items():
        theta = solution_of(store, task.name, delta).theta
        original = accuracy(model, delta, theta, task.test, task.labels)
        assert record["e_orig"][target] == pytest.approx(original)
        for source in METHODS:
            assert record["e_rel"][source][target] == pytest.approx(100 * record["e_sub"][source][target] / original)


def test_a_second_run_finds_everything(first, store, model, tmp_path):
    again = watched(*GIVEN, f"store.root={store}", folder=tmp_path, model=model)
    assert (again.tuned, again.learnt) == ([], 0)
    assert findings(again) == findings(first)


def test_rebuild_makes_everything_anew(first, store, model, tmp_path):
    before = {entry.path: entry.created for entry in stored(store, "solution") + stored(store, "subspace")}
    anew = watched(*GIVEN, f"store.root={store}", "store.rebuild=true", folder=tmp_path, model=model)
    assert (anew.tuned, anew.learnt) == (BOTH_TASKS, 1)
    after = {entry.path: entry.created for entry in stored(store, "solution") + stored(store, "subspace")}
    assert after.keys() == before.keys()
    assert all(after[path] > before[path] for path in before)
    assert findings(anew) == findings(first)


def test_what_approximate_learnt_is_found_by_optimize(first, store, model, tmp_path):
    """The two commands agree about the key."""
    learnt = watched(*LEARN, "subspace.dim=3", f"store.root={store}", folder=tmp_path / "learnt", model=model)
    given = (*MOVE, SOURCE, *SHORT, "subspace=d2", "subspace.dim=3", f"store.root={store}")
    moved = watched(*given, folder=tmp_path / "moved", model=model)
    assert (learnt.tuned, moved.tuned, moved.learnt) == ([], [], 0)
    assert moved.record["dim"] == 3


def test_a_subspace_at_a_path_and_a_source_by_its_delta(first, store, model, tmp_path):
    given = (*MOVE, *SHORT, "subspace=d2", f"subspace.path={first.record['origin']}", "delta=adapter")
    done = watched(*given, f"store.root={store}", folder=tmp_path, model=model)
    assert (done.tuned, done.learnt) == ([], 0)
    assert done.record["origin"] == first.record["origin"]
    assert [job["name"] for job in done.record["jobs"]] == ["adapter-seed42-lr0.01"]
    assert {source: list(row) for source, row in done.record["e_sub"].items()} == {"adapter": METHODS}


def test_what_a_subspace_at_a_path_is_does_not_depend_on_the_option(first, store, model, tmp_path):
    given = (*MOVE, *SHORT, "subspace=fastfood", "subspace.dim=2", f"subspace.path={first.record['origin']}")
    done = watched(*given, f"store.root={store}", folder=tmp_path, model=model)
    assert (first.record["kind"], done.record["kind"]) == ("learned", "learned")


def test_a_solution_from_another_theta0_starts_no_code(first, store, model, tmp_path):
    given = (*TINY, *MOVE, *SHORT, f"subspace.path={first.record['origin']}", "seed=7", "recipe.start=solution")
    done = program(*given, "subspace=d2", f"store.root={tmp_path / 'store'}", folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (
        2,
        "error: recipe.start=solution: the solution of 'lora' counts from the theta0 of seed 7, the subspace from that "
        "of seed 42; give seed=42\n",
    )


def test_another_start_is_another_run(first, store, model):
    done = program(*TINY, *GIVEN, f"store.root={store}", "recipe.start=tasks", folder=first.folder, model=model)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "holds a finished run of other settings (recipe.start was random, here tasks)" in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["recipe.full=no"], "recipe.full=no: must be true or false"),
        (["recipe.lr=0.5", "pack.lr=[0.1,3]"], "recipe.lr=0.5: pack.lr lists the learning rates; give one of the two"),
    ],
)
def test_settings_that_contradict_or_mean_nothing(words, told, first, store, model, tmp_path):
    given = (*TINY, *MOVE, *SHORT, "subspace=d2", f"subspace.path={first.record['origin']}")
    done = program(*given, f"store.root={store}", *words, folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (2, f"error: {told}\n")


def test_a_solution_that_diverged_is_none(model, tmp_path):
    """Neither in the run that tunes it nor in one that finds it in the store."""
    methods = "subspace.methods=[{lora: {rank: 2, lr: 3.0e38}},{adapter: {size: 3}}]"
    tune = "needs.tune=['trainer.max_steps=6','trainer.val_check_interval=6','trainer.gradient_clip_val=null'"
    given = (*TINY, *LEARN, methods, f"{tune},'stage.schedule.warmup=0.0']", f"store.root={tmp_path / 'store'}")
    for turn in ("first", "second"):
        done = program(*given, folder=tmp_path / turn, model=model)
        assert (done.code, done.err.count("\n")) == (2, 1), done.err
        assert done.err.startswith("error: solution of 'lora' on movie_sentiment, seed 42: diverged at lr=3e+38; give")


@pytest.mark.parametrize("kind", ["random", "fastfood"])
def test_drawn_subspaces_need_no_source_task(kind, first, store, model, tmp_path):
    given = (*MOVE, *SHORT, f"subspace={kind}", "subspace.dim=2", "pack.delta=[adapter,lora]")
    done = watched(*given, f"store.root={store}", folder=tmp_path, model=model)
    assert (done.tuned, done.learnt) == ([], 0)
    assert (done.record["origin"], done.record["dim"]) == ("drawn", 2)
    assert [job["source"] for job in done.record["jobs"]] == ["adapter", "lora"]
    assert done.record["e_orig"] == first.record["e_orig"]


def test_a_folder_of_rows_can_be_the_source(first, store, model, tmp_path):
    """svd: made from the solutions alone."""
    rows = tmp_path / "colour"
    rows.mkdir()
    for split in ("train", "dev", "test"):
        (rows / f"{split}.tsv").write_text("".join(f"{split} {i}\t{('red', 'blue')[i % 2]}\n" for i in range(16)))
    source = f"subspace.source_task=['task=tsv','task.path={rows}','task.metric=ACC']"
    given = (*MOVE, *SHORT, "subspace=svd", "subspace.dim=1", source, f"store.root={store}")
    done = watched(*given, folder=tmp_path / "run", model=model)
    assert (done.tuned, done.learnt) == (["colour lora", "colour adapter"], 0)
    assert done.record["origin"] == "solutions of colour"
    fingerprint = read(rows, metric="ACC").fingerprint
    kept = [e for e in stored(store, "solution") if e.facts["task"]["rows"] == fingerprint]
    assert len(kept) == 2


def test_an_interrupted_run_goes_on_to_the_same_end(first, store, model, tmp_path):
    rates = ("optimizer.lr=null", "pack.lr=[0.1,3]", "pack.delta=[lora]")
    given = (*MOVE, SOURCE, "subspace=d2", *rates, "trainer.max_steps=6", "trainer.val_check_interval=2")
    given = (*given, f"store.root={store}")
    through = watched(*given, folder=tmp_path / "through", model=model)
    left = cut_short(SubspaceOptimization, 5, *given, folder=tmp_path / "cut", model=model)
    resumed = watched(*given, f"resume={left}", folder=tmp_path / "resumed", model=model)
    assert findings(resumed) == findings(through)
    assert same_end(through.folder, resumed.folder)
