"""The table of parted steps against means by hand; a run with a record is not run again."""

from __future__ import annotations

import json
from statistics import stdev

from benchmarks import parted, program
from benchmarks.parted import entry, gathered, markdown


def record(seed, way, steps, score, seconds):
    return {
        "tasks": [{"name": "topic"}],
        "config": {"seed": seed, "stage": {"partitioned": way == "parted"}, "recipe": {"max_steps": steps}},
        "dim": 4,
        "score": score,
        "seconds": seconds,
        "chip": "chip",
        "versions": {},
        "revision": "0",
    }


def test_time_is_in_that_of_whole_steps_of_the_same_seed():
    records = [
        record(0, "whole", 6, 0.5, 10.0),
        record(1, "whole", 6, 0.7, 20.0),
        record(0, "parted", 6, 0.4, 5.0),
        record(1, "parted", 6, 0.6, 8.0),
        record(0, "parted", 18, 0.45, 9.0),
        record(2, "parted", 18, 0.55, 9.0),
    ]
    whole, few, many = markdown(gathered(map(entry, records))).splitlines()[2:]
    spread = f"± {100 * stdev([0.5, 0.7]):.1f}"
    assert whole == f"| topic | 4 | 6 | every method | 2 | 60.0 {spread} | 1.0 ± 0.0 |"
    assert few == f"| topic | 4 | 6 | one method | 2 | 50.0 {spread} | 0.5 ± {stdev([0.5, 0.4]):.1f} |"
    assert many == f"| topic | 4 | 18 | one method | 2 | 50.0 ± {100 * stdev([0.45, 0.55]):.1f} | 0.9 |"


def test_what_is_found_later_takes_the_place_of_the_same_run():
    before = json.loads(json.dumps(gathered([entry(record(0, "whole", 6, 0.5, 10.0))])))
    found = gathered([entry(record(0, "whole", 6, 0.6, 9.0)), entry(record(0, "parted", 6, 0.6, 3.0))], before)
    assert [(run["way"], run["score"]) for run in found["runs"]] == [("parted", 0.6), ("whole", 0.6)]


def test_only_what_is_missing_runs(tmp_path, monkeypatch, capsys):
    for name, found in (("solutions", record(0, "whole", 1, 0.1, 1.0)), ("whole-1", record(0, "whole", 9, 0.5, 10.0))):
        folder = tmp_path / "topic" / "0" / name
        folder.mkdir(parents=True)
        (folder / "record.json").write_text(json.dumps(found))
    commands = []

    def run(command, check):
        commands.append(command)
        return type("Done", (), {"returncode": 1})

    monkeypatch.setattr(program.subprocess, "run", run)
    kept = tmp_path / "kept.json"
    words = ["--task", "topic", "--steps", "9", "--methods", "2", "--seed", "0", "--", "trainer=smoke"]
    assert parted.main(["--out", str(tmp_path), "--keep", str(kept), *words]) == 2
    common = {"stage=approximate", "task=topic", "subspace=d4", "seed=0", "trainer=smoke", "stage.partitioned=true"}
    assert all(common < set(command) for command in commands)
    steps = [[word for word in command if word.startswith("recipe.max_steps")] for command in commands]
    assert steps == [["recipe.max_steps=9"], ["recipe.max_steps=18"]]
    table = capsys.readouterr().out
    assert "| topic | 4 | 9 | every method | 1 | 50.0 | 1.0 |" in table
    assert parted.main(["--show", "--keep", str(kept)]) == 0
    assert capsys.readouterr().out == table
