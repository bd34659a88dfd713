"""Whole runs of stage=approximate."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.file import load

from .stages import (
    LEARN,
    ROWS,
    STEPS,
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

GIVEN = (*LEARN, "recipe.landscape=2")
METHODS = ["lora", "adapter"]


@pytest.fixture(scope="module")
def first(model: Path, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A run that finds nothing in the store."""
    return watched(*GIVEN, f"store.root={store}", folder=tmp_path_factory.mktemp("first"), model=model)


@pytest.fixture(scope="module")
def decoded(first: Watched, store: Path, model: Path) -> dict[tuple[str, str], torch.Tensor]:
    """theta of every method at the code of every method's solution, and at the mean of the codes ("centroid")."""
    bound = deltas(model)
    subspace = load(first.folder / "subspace", bound).subspace
    codes = {m: subspace.encode(m, solution_of(store, "movie_sentiment", d).theta) for m, d in bound.items()}
    codes["centroid"] = (codes["lora"] + codes["adapter"]) / 2
    return {(m, point): subspace.decode(m, z) for m in bound for point, z in codes.items()}


def test_a_run_leaves_its_subspace_its_record_and_its_pictures(first, model):
    assert {path.name for path in first.folder.iterdir()} == {
        ".hydra",
        "train.log",
        "record.json",
        "subspace",
        "pictures",
        "checkpoints",
    }
    assert {path.name for path in (first.folder / "pictures").iterdir()} == {"distances.png", "landscape.png"}
    assert first.outcome.out.splitlines()[-1] == f"record: {first.folder / 'record.json'}"
    assert first.tuned == ["movie_sentiment lora", "movie_sentiment adapter"]
    record = first.record
    assert (record["stage"], record["dim"], record["methods"]) == ("approximate", 2, METHODS)
    assert record["sizes"] == {name: delta.size for name, delta in deltas(model).items()}
    assert [point["step"] for point in record["history"]] == [2, 4, 6]
    assert record["best_step"] == max(record["history"], key=lambda point: point["score"])["step"]


def test_solutions_and_subspace_go_to_the_store(first, store):
    assert [entry.kind for entry in stored(store, "solution")] == ["solution"] * 2
    (kept,) = stored(store, "subspace")
    for name in ("subspace.safetensors", "subspace.json"):
        assert (kept.path / name).read_bytes() == (first.folder / "subspace" / name).read_bytes()
    assert (kept.path / "record.json").read_bytes() == (first.folder / "record.json").read_bytes()


def test_points_are_scores_of_decoded_codes(first, decoded, model):
    task, bound = small_task("movie_sentiment"), deltas(model)
    (entry,) = first.record["tasks"]
    for (method, point), theta in decoded.items():
        expected = accuracy(model, bound[method], theta, task.test, task.labels)
        assert entry["points"][method][point] == pytest.approx(expected), (method, point)


def test_e_orig_is_the_score_of_the_solutions(first, store, model):
    task = small_task("movie_sentiment")
    for name, delta in deltas(model).items():
        solution = solution_of(store, task.name, delta)
        expected = accuracy(model, delta, solution.theta, task.test, task.labels)
        assert first.record["tasks"][0]["e_orig"][name] == pytest.approx(expected)


def test_the_landscape_is_scored_on_dev(first, decoded, model):
    task, bound, found = small_task("movie_sentiment"), deltas(model), first.record["landscape"]
    assert (found["task"], found["metric"], found["resolution"]) == ("movie_sentiment", "ACC", 2)
    assert sorted(point["weights"] for point in found["points"]) == [[0, 1], [0.5, 0.5], [1, 0]]
    places = {(1, 0): "lora", (0, 1): "adapter", (0.5, 0.5): "centroid"}
    scores = []
    for point in found["points"]:
        for name, delta in bound.items():
            theta = decoded[name, places[tuple(point["weights"])]]
            scores.append(accuracy(model, delta, theta, task.dev, task.labels))
            assert point["scores"][name] == pytest.approx(scores[-1])
    assert len(set(scores)) > 1  # or the points could be anywhere


def test_a_second_run_tunes_nothing_and_learns_the_same(first, store, model, tmp_path):
    again = watched(*GIVEN, f"store.root={store}", folder=tmp_path, model=model)
    assert again.tuned == []
    assert findings(again) == findings(first)
    assert same_numbers(first.folder, again.folder)


def test_an_interrupted_run_goes_on_to_the_same_end(first, model, tmp_path):
    given = (*GIVEN, f"store.root={tmp_path / 'store'}")
    left = cut_short(SubspaceApproximation, 5, *given, folder=tmp_path / "cut", model=model)
    resumed = watched(*given, f"resume={left}", folder=tmp_path / "resumed", model=model)
    assert resumed.tuned == []
    assert findings(resumed) == findings(first)
    assert same_numbers(first.folder, resumed.folder)
    assert same_end(first.folder, resumed.folder)


def test_overrides_for_tuning_are_applied_and_change_the_key(first, store, model, tmp_path):
    before = {entry.key for entry in stored(store, "solution")}
    short = "needs.tune=['trainer.max_steps=1','data.batch_size=4']"
    done = watched(*LEARN, short, "trainer.max_steps=1", f"store.root={store}", folder=tmp_path, model=model)
    assert done.tuned == ["movie_sentiment lora", "movie_sentiment adapter"]
    assert done.record["landscape"] is None  # only where it is asked for
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"distances.png"}
    new = [entry for entry in stored(store, "solution") if entry.key not in before]
    assert len(new) == 2
    for entry in new:
        assert (entry.facts["trainer"]["max_steps"], entry.facts["data"]["batch_size"]) == (1, 4)


def test_a_split_is_learnt_from_its_seen_tasks(first, store, model, tmp_path):
    done = watched(
        "stage=approximate",
        "subspace=d2",
        *STEPS,
        "trainer.max_steps=2",
        "recipe.landscape=1",
        "task=split/builtin_topic",
        "+task@task.seen.movie_sentiment=movie_sentiment",
        "~task@task.unseen.school_subject",
        *(f"task.{name}.sizes={ROWS}" for name in ("seen.topic", "seen.movie_sentiment", "unseen.news_topic")),
        f"store.root={store}",
        folder=tmp_path,
        model=model,
    )
    assert done.tuned == ["topic lora", "topic adapter"]  # the other task is solved
    tasks = done.record["tasks"]
    assert [task["name"] for task in tasks] == ["topic", "movie_sentiment"]
    assert tasks[0]["fingerprint"] == small_task("topic").fingerprint
    scores = [value for task in tasks for points in task["points"].values() for value in points.values()]
    assert len(scores) == 2 * 2 * 3
    assert done.record["score"] == pytest.approx(sum(scores) / len(scores))
    assert set(load(tmp_path / "subspace", deltas(model)).codes) == {"topic", "movie_sentiment"}
    assert done.record["landscape"]["task"] == "topic"
    assert "recipe.landscape=1: of 2 tasks that of topic alone\n" in (tmp_path / "train.log").read_text()


def test_a_task_that_is_left_out_teaches_nothing(first, store, model, tmp_path):
    """What is learnt from one task of two is what is learnt from that task alone, and nothing of the other is tuned."""
    split = ("task=split/builtin_topic", "+task@task.seen.movie_sentiment=movie_sentiment")
    sizes = (f"task.{name}.sizes={ROWS}" for name in ("seen.topic", "seen.movie_sentiment", "unseen.news_topic"))
    given = (*split, *sizes, "subspace.leave_out=[topic]", f"store.root={store}")
    words = [word for word in GIVEN if not word.startswith(("task", "recipe.landscape"))]
    done = watched(*words, *given, folder=tmp_path, model=model)
    assert done.tuned == []
    assert [task["name"] for task in done.record["tasks"]] == ["movie_sentiment"]
    assert same_numbers(first.folder, tmp_path)


def test_a_whole_run_may_begin_from_the_svd_of_the_solutions(model, tmp_path):
    """One solution of each method lies in two dimensions, nearly straight where codes are short; no step leads away."""
    still = ("subspace.init=svd", "optimizer.lr=1e-12", "trainer.max_steps=1", "trainer.val_check_interval=1")
    store = tmp_path / "store"
    done = watched(*LEARN, *still, f"store.root={store}", folder=tmp_path / "run", model=model)
    bound = deltas(model)
    subspace = load(done.folder / "subspace", bound).subspace
    for name, delta in bound.items():
        found = solution_of(store, "movie_sentiment", delta)
        missed = subspace.decode(name, subspace.encode(name, found.theta)) - found.theta
        assert missed.norm() < 0.05 * (found.theta - found.theta0).norm()


def test_the_landscape_of_many_methods_is_told_but_not_drawn(store, model, tmp_path):
    four = "subspace.methods=[{lora: {rank: 2}},{adapter: {size: 3}},bitfit,lnfit]"
    short = ("trainer.max_steps=1", "recipe.landscape=1", f"store.root={store}")
    done = watched(*LEARN, four, *short, folder=tmp_path, model=model)
    assert len(done.record["landscape"]["points"]) == 4
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"distances.png"}
    told = "recipe.landscape=1: 4 methods: no picture, for it is drawn for two or three methods"
    assert told in (tmp_path / "train.log").read_text()


def same_numbers(one: Path, other: Path) -> bool:
    """Whether two runs left the same subspace, bit for bit."""
    a, b = (load_file(folder / "subspace" / "subspace.safetensors") for folder in (one, other))
    assert a.keys() == b.keys()
    return all(torch.equal(a[name], b[name]) for name in a)


def test_mixed_precision_clips_too(store, model, tmp_path):
    mixed = ("trainer.precision=bf16-mixed", "trainer.gradient_clip_val=0.5", "trainer.max_steps=2")
    done = watched(*LEARN, *mixed, f"store.root={store}", folder=tmp_path, model=model)
    assert math.isfinite(done.record["score"])


def test_a_landscape_needs_no_step(store, model, tmp_path):
    done = watched(*GIVEN, "trainer.max_steps=0", f"store.root={store}", folder=tmp_path, model=model)
    assert len(done.record["landscape"]["points"]) == 3
