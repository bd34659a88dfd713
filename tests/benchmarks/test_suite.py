"""The suite's table is the means of what was found; a run with a record is not run again."""

from __future__ import annotations

import json
from statistics import stdev

import pytest

from benchmarks import program, suite
from benchmarks.suite_table import gathered, markdown
from deltalab.task.builtin import make
from deltalab.task.builtin.bag import bag_of_words

TASK = {
    "_target_": "deltalab.task.builtin.make",
    "name": "topic",
    "sizes": {"train": 90, "dev": 5, "test": 40},
    "seed": 0,
}


def record(seed, score, steps=10):
    jobs = [
        {"delta": "lora", "seed": seed, "lr": 0.1, "test": {"value": score}},
        {"delta": "frozen", "seed": seed, "lr": 0.0, "test": {"value": 0.2}},
    ]
    return {
        "task": {"name": "topic", "fingerprint": "rows"},
        "metric": "Classification-F1",
        "majority": 0.05,
        "jobs": jobs,
        "config": {"task": TASK, "trainer": {"max_steps": steps}, "data": {"batch_size": 8}},
        "chip": "chip",
        "versions": {},
        "revision": "0",
    }


def test_means_and_deviations():
    scores = [0.5, 0.6, 0.85]
    found = gathered([record(seed, score) for seed, score in enumerate(scores)])
    row, mean = markdown(found, ["lora", "frozen", "full"]).splitlines()[2:]
    bag = bag_of_words(make("topic", TASK["sizes"]))
    assert row == (
        f"| topic | Classification-F1 | 5.0 | {100 * bag:.1f} | 65.0 ± {100 * stdev(scores):.1f} | 20.0 ± 0.0 |  |"
    )
    assert mean == "| mean of 1 tasks | | | | 65.0 | 20.0 |  |"


def test_what_is_found_later_joins_what_was_there():
    before = json.loads(json.dumps(gathered([record(0, 0.5), record(1, 0.6)])))
    found = gathered([record(1, 0.7), record(2, 0.9)], before)
    assert [run["test"] for run in found["tasks"]["topic"]["runs"]["lora"]] == [0.5, 0.7, 0.9]
    assert [run["test"] for run in before["tasks"]["topic"]["runs"]["lora"]] == [0.5, 0.6]


def test_unlike_runs_do_not_join():
    with pytest.raises(ValueError, match="topic: runs of different"):
        gathered([record(0, 0.5), record(1, 0.6, steps=20)])


def test_only_what_is_missing_runs_one_seed_after_the_other(tmp_path, monkeypatch, capsys):
    (tmp_path / "topic" / "3").mkdir(parents=True)
    (tmp_path / "topic" / "3" / "record.json").write_text(json.dumps(record(3, 0.5)))
    commands = []

    def run(command, check):
        commands.append(command)
        return type("Done", (), {"returncode": 1})

    monkeypatch.setattr(program.subprocess, "run", run)
    words = ["--task", "topic", "past_tense", "--seed", "3", "4", "--delta", "{lora: {lr: 0.1}}", "--", "trainer=smoke"]
    kept = tmp_path / "kept.json"
    assert suite.main(["--out", str(tmp_path), "--keep", str(kept), *words]) == 3
    done = [{word for word in command if word.startswith(("task=", "seed="))} for command in commands]
    assert done == [{"task=past_tense", "seed=3"}, {"task=topic", "seed=4"}, {"task=past_tense", "seed=4"}]
    assert all({"trainer=smoke", "pack.delta=[{lora: {lr: 0.1}}]"} < set(command) for command in commands)
    table = capsys.readouterr().out
    assert "| topic |" in table
    assert suite.main(["--show", "--keep", str(kept), "--delta", "lora"]) == 0
    assert capsys.readouterr().out == table


@pytest.mark.parametrize("words", [[], ["--show"], ["--out", "x", "--task", "none"]])
def test_mistakes(words):
    with pytest.raises(SystemExit, match="2"):
        suite.main(words)
