"""A run goes on from its own checkpoint alone; another one ends in one line, with nothing left behind."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
import torch

from .cuts import STEPS, cut, left
from .stages import LEARN, MOVE, ROWS, TINY
from .support import program, started

TUNE = (*TINY[:3], f"task.sizes={ROWS}", "delta.rank=2", "trainer.max_steps=1")
MORE = (*TUNE[:-1], *STEPS, "optimizer.lr=0.03")
SHORT = ("trainer.max_steps=1", "trainer.val_check_interval=1")
APPROXIMATE = (*TINY, *LEARN, *SHORT)
OPTIMIZE = (*TINY, *MOVE, *SHORT, "subspace=random")


@pytest.fixture(scope="module")
def files(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Checkpoints of short runs of every stage, which share a store, and files that are none, by name."""
    root = tmp_path_factory.mktemp("files")
    found = {"store": root / "store"}
    for name, given in (("tune", TUNE), ("approximate", APPROXIMATE), ("optimize", OPTIMIZE)):
        done = program(*given, f"store.root={root / 'store'}", folder=root / name, model=model)
        assert (done.code, done.err) == (0, "")
        found[name] = _left(root / name)
    found |= {name: root / name for name in ("text", "zip", "cut", "tensor", "foreign")}
    found["safetensors"] = root / "tune" / "solution" / "theta.safetensors"
    found["text"].write_text("no checkpoint\n")
    with zipfile.ZipFile(found["zip"], "w") as archive:
        archive.writestr("data.txt", "no checkpoint")
    whole = found["tune"].read_bytes()
    found["cut"].write_bytes(whole[: len(whole) // 2])
    torch.save(torch.zeros(3), found["tensor"])
    torch.save({"state_dict": {}}, found["foreign"])
    return found


NONE = "no checkpoint of a run, or a damaged one"
OTHER = "a checkpoint of another run: "
MISTAKES = [
    *((TUNE, name, (), NONE) for name in ("text", "zip", "cut", "tensor", "safetensors")),
    (TUNE, "foreign", (), "no checkpoint of stage=tune"),
    (TUNE, "approximate", (), "a checkpoint of stage=approximate, this is tune"),
    (TUNE, "optimize", (), "a checkpoint of stage=optimize, this is tune"),
    (APPROXIMATE, "tune", (), "a checkpoint of stage=tune, this is approximate"),
    (OPTIMIZE, "approximate", (), "a checkpoint of stage=approximate, this is optimize"),
    (TUNE, "tune", ("trainer.max_steps=0",), "with trainer.max_steps=0 there is no step to go on with"),
    (TUNE, "tune", ("task=topic",), f"{OTHER}jobs.what was lora on movie_sentiment, seed 42, here lora on topic, s"),
    (TUNE, "tune", ("delta.rank=3",), f"{OTHER}jobs.layout was "),
    (TUNE, "tune", ("delta.alpha=3",), f"{OTHER}jobs.method.alpha was "),
    (TUNE, "tune", ("optimizer.lr=0.5",), f"{OTHER}jobs.lr was "),
    (TUNE, "tune", ("trainer.gradient_clip_val=0.5",), f"{OTHER}jobs.trainer.gradient_clip_val was "),
    (TUNE, "tune", ("pack.seed=[42,43]",), f"{OTHER}jobs was 1, here 2"),
    (TUNE, "tune", ("task.seed=1",), f"{OTHER}jobs.task.rows was "),
    (APPROXIMATE, "approximate", ("optimizer.lr=0.5",), f"{OTHER}jobs.lr was 0.03, here 0.5"),
    (APPROXIMATE, "approximate", ("stage.partitioned=true",), f"{OTHER}jobs.stage.partitioned was False, here True"),
    (OPTIMIZE, "optimize", ("delta=lora",), f"{OTHER}jobs was 2, here 1"),
    (OPTIMIZE, "optimize", ("subspace=fastfood",), f"{OTHER}jobs.subspace was "),
]


@pytest.mark.parametrize(
    ("given", "name", "words", "told"),
    MISTAKES,
    ids=[" ".join([given[-1], name, *words]) for given, name, words, _ in MISTAKES],
)
def test_another_file_is_refused(given, name, words, told, files, model, tmp_path):
    store = f"store.root={files['store']}"
    done = program(*given, *words, store, f"resume={files[name]}", folder=tmp_path / "run", model=model)
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert done.err.startswith(f"error: resume={files[name]}: {told}")
    assert not (tmp_path / "run").exists()


def test_another_backbone_is_refused(files, model, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(model, other)
    words = (f"backbone.path={other}", "backbone.dropout=0.25", f"resume={files['tune']}")
    done = program(*TUNE, *words, folder=tmp_path / "run", model=model)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert f"{OTHER}jobs.backbone.dropout.dropout_rate was 0.0, here 0.25" in done.err


def test_a_run_may_go_on_for_longer(files, model, tmp_path):
    done = program(*TUNE[:-1], "trainer.max_steps=3", f"resume={files['tune']}", folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    steps = [torch.load(path, weights_only=True)["global_step"] for path in (files["tune"], _left(tmp_path / "run"))]
    assert steps == [1, 3]
    # what a fresh run of three steps would find may be another thing
    assert not list((tmp_path / "run-store").glob("solution/*/entry.json"))
    anew = program(*TUNE[:-1], "trainer.max_steps=3", folder=tmp_path / "anew", model=model)
    assert anew.code == 0
    assert len(list((tmp_path / "anew-store").glob("solution/*/entry.json"))) == 1
    # nor is what goes on from it, however long that is
    words = (*TUNE[:-1], "trainer.max_steps=3", f"resume={tmp_path / 'run'}")
    assert program(*words, folder=tmp_path / "more", model=model).code == 0
    assert not list((tmp_path / "more-store").glob("solution/*/entry.json"))


def test_a_run_does_not_end_before_it_goes_on(model, tmp_path):
    whole = program(*TUNE[:-1], "trainer.max_steps=3", folder=tmp_path / "whole", model=model)
    words = (*TUNE[:-1], "trainer.max_steps=2", f"resume={whole.folder}")
    done = program(*words, folder=tmp_path / "run", model=model)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "error: trainer.max_steps=2: " in done.err
    assert done.err.endswith("last.ckpt stands at step 3 already; give more\n")


def test_the_same_run_goes_on_by_itself_also_in_another_folder(model, tmp_path):
    through = program(*MORE, folder=tmp_path / "through", model=model).folder
    cut(7, *MORE, folder=tmp_path / "cut", model=model)
    shutil.copytree(tmp_path / "cut", tmp_path / "copy")
    here = program(*MORE, folder=tmp_path / "cut", model=model)
    there = program(*MORE, f"resume={tmp_path / 'copy'}", folder=tmp_path / "other", model=model)
    for done in (here, there):
        assert (done.code, done.err) == (0, "")
        assert "going on from step 6" in done.out
        assert left(done.folder) == left(through)


def test_a_damaged_checkpoint_is_named_and_the_one_before_taken(model, tmp_path):
    through = program(*MORE, folder=tmp_path / "through", model=model).folder
    cut(7, *MORE, folder=tmp_path / "cut", model=model)
    path = _left(tmp_path / "cut")
    path.write_bytes(path.read_bytes()[:-100])
    done = program(*MORE, folder=tmp_path / "cut", model=model)
    assert f"{path}: torn or damaged" in done.out
    assert "going on from step 4" in done.out
    assert left(done.folder) == left(through)


def test_what_another_run_left_is_not_taken(model, tmp_path):
    through = program(*MORE, folder=tmp_path / "through", model=model).folder
    cut(5, *MORE, "seed=1", folder=tmp_path / "cut", model=model)
    done = program(*MORE, folder=tmp_path / "cut", model=model)
    assert "left by another run (jobs.what was lora on movie_sentiment, seed 1, here " in done.out
    assert left(done.folder) == left(through)


def test_a_run_that_was_not_to_go_on_like_this_stays_as_it_was(model, tmp_path):
    """Hydra writes its config anew before anything is checked: the next `resume` would take the mistake for the run."""
    through = program(*MORE, folder=tmp_path / "through", model=model).folder
    cut(7, *MORE, folder=tmp_path / "cut", model=model)
    before = {path: path.read_bytes() for path in (tmp_path / "cut" / ".hydra").iterdir()}
    for words, told in (
        (("delta.alpha=3",), "jobs.method.alpha was 16.0, here 3"),
        (("delta.alpha=x",), "delta.alpha=x: must be a number"),
        (("delta.alhpa=3",), "delta: unknown key 'alhpa'"),
    ):
        done = started([f"resume={tmp_path / 'cut'}", *words], tmp_path / "cut")
        assert (done.code, done.err.count("\n")) == (2, 1), done.err
        assert told in done.err
        assert {path: path.read_bytes() for path in (tmp_path / "cut" / ".hydra").iterdir()} == before
    done = started([f"resume={tmp_path / 'cut'}"], tmp_path / "cut")
    assert (done.code, done.err) == (0, "")
    assert "going on from step 6" in done.out
    assert left(done.folder) == left(through)


def test_early_stopping_goes_on(model, tmp_path):
    given = (*TUNE[:3], "stage.patience=2", *STEPS, "trainer.max_steps=30", "optimizer.lr=1e-8")
    through = program(*given, folder=tmp_path / "through", model=model).folder
    (job,) = left(through)["jobs"]
    assert job["ended"] == "stopped"
    cut(5, *given, folder=tmp_path / "cut", model=model)
    assert left(program(*given, folder=tmp_path / "cut", model=model).folder) == left(through)


def _left(folder: Path) -> Path:
    return folder / "checkpoints" / "last.ckpt"
