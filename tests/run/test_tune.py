"""Whole runs of the program."""

from __future__ import annotations

import json
import math
import warnings

import pytest

from deltalab.errors import UserError
from deltalab.run.tune import one
from deltalab.task.builtin import make
from deltalab.task.split import Split

from .support import SMALL, program


@pytest.mark.parametrize("delta", ["lora", "full"])
def test_a_solution_reproduces_its_scores(delta, model, tmp_path):
    options = (f"delta={delta}", "optimizer.lr=0.03", "trainer.limit_val_batches=1.0", "trainer.limit_test_batches=1.0")
    first = program(*options, *SMALL, folder=tmp_path / "first", model=model)
    again = program(
        *options,
        *SMALL,
        "seed=3",
        f"solution={first.folder / 'solution'}",
        "trainer.max_steps=0",
        folder=tmp_path / "again",
        model=model,
    )
    assert (first.code, again.code) == (0, 0)
    (before,), (after,) = first.record["jobs"], again.record["jobs"]
    assert (after["test"], after["dev"], after["best_step"]) == (before["test"], before["dev"], 0)
    assert not (again.folder / "checkpoints").exists()
    card = json.loads((first.folder / "solution" / "solution.json").read_text())
    assert card["theta"] == json.loads((again.folder / "solution" / "solution.json").read_text())["theta"]


def test_a_sweep_leaves_a_record_for_each_value(model, tmp_path):
    done = program("--multirun", "seed=0,1", *SMALL, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    records = [json.loads((tmp_path / job / "record.json").read_text()) for job in "01"]
    assert [record["jobs"][0]["seed"] for record in records] == [0, 1]


def test_a_task_of_free_text_is_answered_by_generation(model, tmp_path):
    done = program("task=past_tense", "data.max_output_length=8", *SMALL, folder=tmp_path, model=model)
    assert done.code == 0
    assert done.record["task"]["evaluation"] == "generate"
    assert {path.name for path in tmp_path.iterdir()} == {
        ".hydra",
        "train.log",
        "record.json",
        "solution",
        "checkpoints",
    }


def test_bfloat16_and_checkpointing_run_too(model, tmp_path):
    options = ("trainer.precision=bf16-mixed", "stack.gradient_checkpointing=true", "optimizer=adafactor")
    done = program(*options, *SMALL, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert math.isfinite(done.record["score"])


def test_a_run_that_stops_early_ends_in_peace(model, tmp_path):
    patient = ("stage.patience=1", "trainer.max_steps=50", "optimizer.lr=1e-12", "trainer.val_check_interval=2")
    done = program(*patient, *SMALL, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert (done.record["jobs"][0]["ended"], done.record["jobs"][0]["best_step"]) == ("stopped", 2)


def test_a_run_that_diverges_says_so_in_one_line(model, tmp_path):
    done = program("delta=lnfit", "optimizer.lr=1e30", "trainer.max_steps=8", *SMALL, folder=tmp_path, model=model)
    assert done.code == 2
    assert done.err.startswith("error: job lnfit: loss nan at step ")
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "record.json").exists()


def test_one_of_a_pack_may_diverge(model, tmp_path):
    done = program("delta=lnfit", "pack.lr=[1e-3,1e30]", "trainer.max_steps=8", *SMALL, folder=tmp_path, model=model)
    assert done.code == 0
    assert [job["ended"] for job in done.record["jobs"]] == ["finished", "diverged"]
    assert (done.record["jobs"][1]["dev"] is None) == (done.record["jobs"][1]["best_step"] is None)


def test_labels_never_seen_in_train_are_a_warning(model, tmp_path):
    rows = tmp_path / "rows"
    rows.mkdir()
    for split, words in (("train", ("yes", "no")), ("dev", ("yes", "perhaps")), ("test", ("yes", "no"))):
        lines = [f"row {i}\t{words[i % 2]}\n" for i in range(16)]
        (rows / f"mine_16_13_{split}.tsv").write_text("".join(lines))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        options = ("task=tsv", f"task.path={rows}", "task.metric=ACC", "task.limit.dev=8", "data.batch_size=4")
        done = program(*options, folder=tmp_path / "run", model=model)
    assert done.code == 0
    assert any("dev has labels never seen in train: perhaps" in str(warning.message) for warning in caught)
    assert done.record["task"]["rows"] == {"train": 16, "dev": 8, "test": 16}


def test_a_split_is_not_one_task():
    sizes = {"train": 5, "dev": 5, "test": 5}
    topic, news = make("topic", sizes), make("news_topic", sizes)
    with pytest.raises(UserError, match=r"^task=two: several tasks.*allowed: \+task\.only=NAME, of topic, news_topic"):
        one(Split("two", {"topic": topic}, {"news_topic": news}))
    assert one(topic) is topic


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("callbacks=quiet",), True),
        (("callbacks.checkpoint=null",), False),
        (("callbacks.checkpoint=null", "+trainer.enable_checkpointing=true"), True),  # Lightning's own
    ],
)
def test_checkpoints_are_those_of_the_callback(model, tmp_path, words, kept):
    done = program(*SMALL, *words, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "checkpoints").exists() is kept
