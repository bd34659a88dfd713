"""Whole runs without solutions, without a shared code, and with full fine-tuning among the methods."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from deltalab.delta.solution import vector_hash
from deltalab.subspace.file import load

from .stages import LEARN, MOVE, ROWS, SOURCE, STEPS, TINY, Watched, accuracy, deltas, small_task, stored, watched
from .support import program

JOINT = (*LEARN, "subspace=joint", "subspace.dim=2")
UNSHARED = (*LEARN, "subspace=unshared", "subspace.dim=2")


@pytest.fixture(scope="module")
def joint(model: Path, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A subspace learnt without solutions."""
    return watched(*JOINT, f"store.root={store}", folder=tmp_path_factory.mktemp("joint"), model=model)


@pytest.fixture(scope="module")
def unshared(model: Path, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Subspaces side by side."""
    return watched(*UNSHARED, f"store.root={store}", folder=tmp_path_factory.mktemp("unshared"), model=model)


def test_the_joint_mode_tunes_nothing_and_keeps_the_code_it_tested(joint, model):
    assert joint.tuned == []
    task, bound = small_task("movie_sentiment"), deltas(model)
    subspace, _, codes = load(joint.folder / "subspace", bound)
    (entry,) = joint.record["tasks"]
    assert (list(codes), entry["e_orig"]) == (["movie_sentiment"], {})
    for name, delta in bound.items():
        theta = subspace.decode(name, codes["movie_sentiment"])
        expected = accuracy(model, delta, theta, task.test, task.labels)
        assert entry["points"][name] == {"code": pytest.approx(expected)}


def test_a_code_is_started_in_what_was_learnt_jointly(joint, store, model, tmp_path):
    given = (*MOVE, SOURCE, "subspace=joint", "subspace.dim=2", "recipe.start=tasks", "trainer.max_steps=0")
    done = watched(*given, f"store.root={store}", folder=tmp_path, model=model)
    assert (done.learnt, done.tuned) == (0, ["restaurant_sentiment lora", "restaurant_sentiment adapter"])
    codes = load(joint.folder / "subspace", deltas(model)).codes
    for job in done.record["jobs"]:
        assert job["code"] == codes["movie_sentiment"].tolist()


def test_a_split_is_learnt_jointly_with_a_code_for_each_seen_task(model, tmp_path):
    done = watched(
        "stage=approximate",
        "subspace=joint",
        "subspace.dim=2",
        *STEPS,
        "task=split/builtin_topic",
        "+task@task.seen.movie_sentiment=movie_sentiment",
        "~task@task.unseen.school_subject",
        *(f"task.{name}.sizes={ROWS}" for name in ("seen.topic", "seen.movie_sentiment", "unseen.news_topic")),
        folder=tmp_path / "run",
        model=model,
    )
    assert done.tuned == []
    codes = load(done.folder / "subspace", deltas(model)).codes
    assert list(codes) == ["topic", "movie_sentiment"]
    assert not torch.equal(codes["topic"], codes["movie_sentiment"])


def test_what_a_joint_subspace_is_kept_under_knows_its_methods(joint, store, model):
    (kept,) = [entry for entry in stored(store, "subspace") if entry.facts["tasks"] and "methods" in entry.facts]
    for name, delta in deltas(model).items():
        facts = kept.facts["methods"][name]
        assert facts["layout"] == delta.layout.fingerprint
        assert facts["theta0"] == vector_hash(delta.layout.initial(42))
    assert (kept.facts["methods"]["lora"]["rank"], kept.facts["methods"]["adapter"]["size"]) == (2, 3)


def test_unshared_methods_are_judged_each_by_itself(unshared, model):
    assert unshared.tuned == ["movie_sentiment lora", "movie_sentiment adapter"]
    (entry,) = unshared.record["tasks"]
    assert {name: list(points) for name, points in entry["points"].items()} == {
        "lora": ["lora"],
        "adapter": ["adapter"],
    }
    assert set(entry["e_orig"]) == {"lora", "adapter"}
    assert load(unshared.folder / "subspace", deltas(model)).codes == {}


def test_unshared_subspaces_have_no_code_to_start_from(unshared, store, model, tmp_path):
    start = (
        "recipe.start=tasks",
        f"subspace.path={unshared.folder / 'subspace'}",
        "subspace=unshared",
        "subspace.dim=2",
    )
    done = program(*TINY, *MOVE, *start, f"store.root={store}", folder=tmp_path, model=model)
    assert (done.code, done.err) == (
        2,
        "error: recipe.start=tasks: this subspace has no codes of tasks to start from\n",
    )


def test_a_subspace_of_another_size_than_asked_for_is_refused(unshared, store, model, tmp_path):
    given = (f"subspace.path={unshared.folder / 'subspace'}", "subspace=unshared", f"store.root={store}")
    done = program(*TINY, *MOVE, *given, folder=tmp_path / "run", model=model)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith("error: subspace.dim=4: the subspace in ")
    assert done.err.endswith(" has 2 numbers; give subspace.dim=2\n")
    assert not (tmp_path / "run").exists()


def test_full_fine_tuning_shares_the_space_through_its_own_projection(model, tmp_path):
    methods = "subspace.methods=[{lora: {rank: 2}},full]"
    done = watched(*LEARN, methods, "subspace.ups={full: fastfood_learned}", folder=tmp_path / "run", model=model)
    assert done.tuned == ["movie_sentiment lora", "movie_sentiment full"]
    card = json.loads((done.folder / "subspace" / "subspace.json").read_text())
    assert [(m["name"], m["up"]["kind"]) for m in card["methods"]] == [("lora", "linear"), ("full", "fastfood_learned")]
    assert set(done.record["tasks"][0]["points"]["full"]) == {"lora", "full", "centroid"}
    assert done.record["sizes"]["full"] == deltas(model)["lora"].backbone.num_parameters


MISTAKES = {
    "recipe.landscape=2": "recipe.landscape=2: without solutions there are no codes to mix",
    "subspace.mixture=unshared": "subspace.mixture=unshared: only projectors trained on solutions can do without a",
    "subspace.mixture=dirichlett": "subspace.mixture: unknown mixture 'dirichlett'; did you mean dirichlet?",
    "subspace.ups={lorra: linear}": "subspace.ups: unknown method 'lorra'; did you mean lora?",
    "subspace.ups={lora: linaer}": "subspace.ups.lora: unknown up-projection 'linaer'; did you mean linear",
    "subspace.ups=linear": "subspace.ups=linear: must be a group of keys or null",
    "subspace.activation=gelu": "subspace.activation=gelu: only subspace.up=two_layer has one here",
}


@pytest.mark.parametrize("given", MISTAKES)
def test_a_mistake_ends_in_one_line(given, store, model, tmp_path):
    done = program(*TINY, *JOINT, given, f"store.root={store}", folder=tmp_path, model=model)
    assert done.code == 2
    assert done.err.startswith(f"error: {MISTAKES[given]}")
    assert len(done.err.splitlines()) == 1


def test_a_joint_subspace_without_a_source_says_so(store, model, tmp_path):
    done = program(*TINY, *MOVE, "subspace=joint", f"store.root={store}", folder=tmp_path, model=model)
    assert done.code == 2
    assert done.err.startswith(
        "error: subspace.source_task: this subspace is learnt on tasks; give subspace.source_task"
    )
