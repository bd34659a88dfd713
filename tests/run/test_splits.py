"""A split where one task is expected."""

from __future__ import annotations

import shlex

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from deltalab.run.splits import spread

from .support import CONF, SMALL, composed, program

SENTIMENT = ["movie_sentiment", "restaurant_sentiment", "book_sentiment", "hotel_sentiment", "product_sentiment"]


def jobs(words: list[str]) -> list[str]:
    """The tasks of a command line, as Hydra reads them."""
    (only,) = (word for word in words if word.startswith("+task.only="))
    (read,) = OverridesParser.create().parse_overrides([only])
    assert read.is_sweep_override()
    return list(read.sweep_string_iterator())


@pytest.mark.parametrize("program", ["train", "search"])
def test_every_task_is_a_job(program):
    given = ["task=split/builtin_sentiment", "trainer=smoke", "seed=0,1"]
    words = spread(given, CONF, program)
    assert words[0] == "-m"
    assert words[1:-1] == given
    assert jobs(words) == SENTIMENT
    assert spread(["-m", *given], CONF, program) == words


@pytest.mark.parametrize("stage", ["optimize", "encode"])
def test_a_subspace_of_the_seen_tasks_is_tried_on_the_unseen(stage):
    given = ["task=split/builtin_sentiment", "subspace=d4", f"stage={stage}"]
    words = spread(given, CONF, "train")
    assert jobs(words) == SENTIMENT[1:]
    with composed(*given, words[-1]) as config:
        assert config.subspace.source_task == ["task=split/builtin_sentiment"]
    for own in ("subspace.source_task=topic", "subspace.path=folder"):
        assert spread([*given, own], CONF, "train") == ["-m", *given, own, words[-2]]


def test_what_is_said_of_the_split_is_said_of_its_source(tmp_path):
    given = ["stage=optimize", "subspace=d4", "task=split/crossfit_60", f"task.root={tmp_path}", 'task.prefix="*_13"']
    words = spread(given, CONF, "train")
    assert len(jobs(words)) == 10
    with composed(*given, words[-1]) as config:
        assert [*config.subspace.source_task] == given[2:]


@pytest.mark.parametrize(
    "line",
    [
        "task=topic",
        "stage=tune",
        "stage=approximate task=split/builtin_sentiment",
        "experiment=paper_multi stage=approximate task=split/builtin_multi",
        "task=split/builtin_sentiment +task.only=movie_sentiment",
        "task=split/builtin_sentiment --cfg job",
        "task=split/builtin_sentimental",
        "task=split/builtin_sentiment,split/builtin_topic",
        "task=split/builtin_sentiment nosuch=1",
    ],
)
def test_other_commands_stay_as_they_are(line):
    assert spread(shlex.split(line), CONF, "train") == shlex.split(line)


def test_a_job_is_the_run_of_that_task(model, tmp_path):
    small = ("task.seen.movie_sentiment.sizes={train: 48, dev: 12, test: 12}", *SMALL[1:])
    only = ("task=split/builtin_sentiment", "+task.only=movie_sentiment", *small)
    plain = program("task=movie_sentiment", *SMALL, folder=tmp_path / "plain", model=model)
    done = program(*only, folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    assert done.record["score"] == plain.record["score"]
    assert done.record["task"] == plain.record["task"]
    assert done.record["config"]["task"] == plain.record["config"]["task"]
    again = program(*only, folder=tmp_path / "run", model=model)  # it is known again
    assert (again.code, again.record["score"]) == (0, done.record["score"])


def test_a_folder_of_a_split_is_the_run_of_that_folder(model, tmp_path):
    for name, word in (("boolq", "good"), ("glue-rte", "fine")):
        (tmp_path / name).mkdir()
        for split in ("train", "dev", "test"):
            rows = [f"{split} {word} {row}\t{('yes', 'no')[row % 2]}\n" for row in range(12)]
            (tmp_path / name / f"{split}.tsv").write_text("".join(rows))
    given = (
        "task=split/crossfit_60",
        "task.seen=[boolq]",
        "task.unseen=[glue-rte]",
        "+task.only=glue-rte",
        f"task.root={tmp_path}",
    )
    done = program(*given, *SMALL[1:], "data.max_output_length=4", folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    assert done.record["task"]["name"] == "glue-rte"


def test_a_task_that_is_not_in_it(model, tmp_path):
    done = program("task=split/builtin_sentiment", "+task.only=topic", folder=tmp_path / "run", model=model)
    assert done.code == 2
    assert done.err.startswith("error: task=builtin_sentiment: unknown task 'topic'")


@pytest.fixture
def own(tmp_path):
    """A config folder of one's own, with a split and another set of defaults."""
    (tmp_path / "task" / "split").mkdir(parents=True)
    text = (CONF / "task" / "split" / "builtin_inference.yaml").read_text()
    (tmp_path / "task" / "split" / "mine.yaml").write_text(text.replace("builtin_inference", "mine"))
    (tmp_path / "short.yaml").write_text("defaults:\n  - train\n  - _self_\nseed: 7\n")
    return tmp_path


@pytest.mark.parametrize("write", ["--config-dir {}", "--config-dir={}", "-cd {}"])
def test_a_split_in_a_config_folder_of_ones_own_is_found(own, write):
    folder = write.format(shlex.quote(str(own))).split()
    words = spread([*folder, "task=split/mine"], CONF, "train")
    assert words == ["-m", *folder, "task=split/mine", words[-1]]
    assert jobs(words) == ["inference", "quantifier_inference"]
    assert spread(["task=split/mine"], CONF, "train") == ["task=split/mine"]  # Hydra will refuse it


def test_another_config_name_or_path_counts(own):
    given = [f"--config-dir={own}", "--config-name=short", "task=split/mine", "seed=${data.batch_size}"]
    assert jobs(spread(given, CONF, "train")) == ["inference", "quantifier_inference"]
    path = ["--config-path=conf", "task=split/builtin_emotion"]
    assert jobs(spread(path, CONF, "train")) == ["story_emotion", "message_emotion"]


def test_an_unknown_key_is_told_by_a_config_of_ones_own(own, tmp_path):
    (own / "delta").mkdir()
    (own / "delta" / "scale.yaml").write_text((CONF / "delta" / "ia3.yaml").read_text() + "strength: 1\n")
    done = program(f"--config-dir={own}", "delta=scale", "delta.strenght=2", folder=tmp_path / "run")
    assert done.code == 2
    assert "unknown key 'strenght'" in done.err
    assert "did you mean strength" in done.err
