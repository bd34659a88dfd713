"""The suite's table is the records' means; a task with a record is not run again."""

from __future__ import annotations

import json
from statistics import stdev

import pytest

from benchmarks import suite
from deltalab.task.builtin import make
from deltalab.task.builtin.bag import bag_of_words

TASK = {
    "_target_": "deltalab.task.builtin.make",
    "name": "topic",
    "sizes": {"train": 90, "dev": 5, "test": 40},
    "seed": 0,
}


def record(scores):
    jobs = [{"delta": "lora", "test": {"value": score}} for score in scores] + [
        {"delta": "frozen", "test": {"value": 0.2}}
    ]
    return {
        "task": {"name": "topic"},
        "metric": "Classification-F1",
        "majority": 0.05,
        "jobs": jobs,
        "config": {"task": TASK},
    }


def test_means_and_deviations():
    scores = [0.5, 0.6, 0.85]
    row, mean = suite.markdown([record(scores)], ["lora", "frozen", "full"]).splitlines()[2:]
    bag = bag_of_words(make("topic", TASK["sizes"]))
    assert row == (
        f"| topic | Classification-F1 | 5.0 | {100 * bag:.1f} | 65.0 ± {100 * stdev(scores):.1f} | 20.0 |  |"
    )
    assert mean == "| mean of 1 tasks | | | | 65.0 | 20.0 |  |"


def test_only_what_is_missing_runs(tmp_path, monkeypatch, capsys):
    (tmp_path / "topic").mkdir()
    (tmp_path / "topic" / "record.json").write_text(json.dumps(record([0.5])))
    commands = []

    def run(command, check):
        commands.append(command)
        return type("Done", (), {"returncode": 1})

    monkeypatch.setattr(suite.subprocess, "run", run)
    words = [
        "--out",
        str(tmp_path),
        "--task",
        "topic",
        "past_tense",
        "--seed",
        "3",
        "--delta",
        "lora",
        "--",
        "trainer=smoke",
    ]
    assert suite.main(words) == 1
    [command] = commands
    assert {"task=past_tense", "trainer=smoke", "pack.seed=[3]", "pack.delta=[lora]"} < set(command)
    assert "| topic |" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["--out", "x", "--task", "none"]])
def test_mistakes(words):
    with pytest.raises(SystemExit, match="2"):
        suite.main(words)
