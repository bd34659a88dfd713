"""Where stage=optimize takes its subspace and its settings from."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError
from deltalab.run.moves import sources
from deltalab.task.folder import read
from deltalab.task.leak import Leak

from .stages import LEARN, METHODS, MOVE, MOVED, SHORT, TINY, stored, watched
from .support import composed, program


def test_a_subspace_at_a_path_and_a_source_by_its_delta(moved, store, model, tmp_path):
    given = (*MOVE, *SHORT, "subspace=d2", f"subspace.path={moved.record['origin']}", "delta=adapter")
    done = watched(*given, f"store.root={store}", folder=tmp_path, model=model)
    assert (done.tuned, done.learnt) == ([], 0)
    assert done.record["origin"] == moved.record["origin"]
    assert [job["name"] for job in done.record["jobs"]] == ["adapter-seed42-lr0.01"]
    assert {source: list(row) for source, row in done.record["e_sub"].items()} == {"adapter": METHODS}


def test_what_a_subspace_at_a_path_is_does_not_depend_on_the_option(moved, store, model, tmp_path):
    given = (*MOVE, *SHORT, "subspace=fastfood", "subspace.dim=2", f"subspace.path={moved.record['origin']}")
    done = watched(*given, f"store.root={store}", folder=tmp_path, model=model)
    assert (moved.record["kind"], done.record["kind"]) == ("learned", "learned")


def test_a_solution_from_another_theta0_starts_no_code(moved, store, model, tmp_path):
    given = (*TINY, *MOVE, *SHORT, f"subspace.path={moved.record['origin']}", "seed=7", "recipe.start=solution")
    done = program(*given, "subspace=d2", f"store.root={tmp_path / 'store'}", folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (
        2,
        "error: seed=7: recipe.start=solution needs solutions from the subspace's theta0; give seed=42\n",
    )
    assert not (tmp_path / "store" / "solution").exists()  # nothing was tuned for it


def test_another_start_is_another_run(moved, store, model):
    done = program(*TINY, *MOVED, f"store.root={store}", "recipe.start=tasks", folder=moved.folder, model=model)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "holds a finished run of other settings (recipe.start was random, here tasks)" in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["recipe.full=no"], "recipe.full=no: must be true or false"),
        (["recipe.lr=0.5", "pack.lr=[0.1,3]"], "recipe.lr=0.5: pack.lr lists the learning rates; give one of the two"),
    ],
)
def test_settings_that_contradict_or_mean_nothing(words, told, moved, store, model, tmp_path):
    given = (*TINY, *MOVE, *SHORT, "subspace=d2", f"subspace.path={moved.record['origin']}")
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
def test_drawn_subspaces_need_no_source_task(kind, moved, store, model, tmp_path):
    given = (*MOVE, *SHORT, f"subspace={kind}", "subspace.dim=2", "pack.delta=[adapter,lora]")
    done = watched(*given, f"store.root={store}", folder=tmp_path, model=model)
    assert (done.tuned, done.learnt) == ([], 0)
    assert (done.record["origin"], done.record["dim"]) == ("drawn", 2)
    assert [job["source"] for job in done.record["jobs"]] == ["adapter", "lora"]
    assert done.record["e_orig"] == moved.record["e_orig"]


def colours(folder):
    """Rows of a task in a folder, whose name is that of the task."""
    folder.mkdir()
    for split in ("train", "dev", "test"):
        rows = "".join(f"{folder.name} {split} {i}\t{('red', 'blue')[i % 2]}\n" for i in range(16))
        (folder / f"{split}.tsv").write_text(rows)
    return folder


def test_a_folder_of_rows_can_be_the_source(moved, store, model, tmp_path):
    """svd: made from the solutions alone."""
    rows = colours(tmp_path / "colour")
    source = f"subspace.source_task=['task=tsv','task.path={rows}','task.metric=ACC']"
    given = (*MOVE, *SHORT, "subspace=svd", "subspace.dim=1", source, f"store.root={store}")
    done = watched(*given, folder=tmp_path / "run", model=model)
    assert (done.tuned, done.learnt) == (["colour lora", "colour adapter"], 0)
    assert done.record["origin"] == "solutions of colour"
    fingerprint = read(rows, metric="ACC").fingerprint
    kept = [e for e in stored(store, "solution") if e.facts["task"]["rows"] == fingerprint]
    assert len(kept) == 2


def test_a_source_made_from_the_same_texts_is_told_by_its_name(store, model, tmp_path):
    known, new = colours(tmp_path / "glue-rte"), colours(tmp_path / "superglue-rte")
    source = f"subspace.source_task=['task=tsv','task.path={known}','task.metric=ACC']"
    target = ("task=tsv", f"task.path={new}", "task.metric=ACC")
    given = (*target, *SHORT, "stage=optimize", "subspace=svd", "subspace.dim=1", source, f"store.root={store}")
    with pytest.warns(Leak, match=r"^superglue-rte: made from the same texts as the source: glue-rte$"):
        watched(*given, folder=tmp_path / "run", model=model)


def test_jobs_of_two_rates_have_names_of_their_own_even_without_a_step(moved, model, store, tmp_path):
    given = (*MOVED, "pack.lr=[1e-2,5e-2]", "delta=adapter", "trainer.max_steps=0", f"store.root={store}")
    done = watched(*given, folder=tmp_path / "run", model=model)
    expected = [f"adapter-seed{seed}-lr{lr}" for seed in (0, 1) for lr in (0.01, 0.05)]
    assert [job["name"] for job in done.record["jobs"]] == expected


@pytest.mark.parametrize(
    ("header", "words", "found"),
    [
        ("", (), METHODS),
        ("  - override /delta: adapter", (), ["adapter"]),
        ("  - override /delta: lora", (), ["lora"]),  # no less picked than what is not the default
        ("  - override /delta: lora", ("delta=adapter",), ["adapter"]),
        ("  - override /delta: lora", ("pack.delta=[adapter,lora]",), ["adapter", "lora"]),
        ("pack: {delta: adapter}", (), ["adapter"]),
    ],
)
def test_an_experiment_picks_a_source(header, words, found, tmp_path):
    (tmp_path / "experiment").mkdir()
    lines = ["# @package _global_", "defaults:", "  - override /stage: optimize", header]
    (tmp_path / "experiment" / "own.yaml").write_text("\n".join(lines))
    with composed("experiment=own", *words, f"hydra.searchpath=[file://{tmp_path}]") as config:
        assert sources(config, METHODS) == found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["pack.delta=[]"], "pack.delta=[]: name at least one source method"),
        (
            ["delta=adapter", "pack.delta=[lora]"],
            "delta=adapter: pack.delta lists the source methods; give one of the two",
        ),
        (["delta=prefix"], "delta: unknown source method 'prefix'; did you mean adapter? allowed: adapter, lora"),
    ],
)
def test_sources_that_are_none(words, told):
    with composed("stage=optimize", *words) as config, pytest.raises(UserError) as raised:
        sources(config, METHODS)
    assert str(raised.value) == told
