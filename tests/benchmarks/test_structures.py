"""What has a record is not run again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import program, structures

from .structure_runs import record

UNIT = {"role": "attn.q", "side": "encoder", "layer": 0, "p": 1.0}
STRUCTURE = {
    "format": 1,
    "backbone": {"source": "x", "family": "t5", "layers": {"encoder": 1}, "widths": {}},
    "methods": {"lora": {"kind": "lora"}},
    "units": {"lora": [{**UNIT, "cost": 20}, {**UNIT, "role": "attn.k", "cost": 30}]},
    "provenance": {},
}


@pytest.fixture
def commands(monkeypatch):
    """The commands that were run; each leaves a record and a structure, save where chance chooses."""
    found = []

    def run(command, check):
        found.append(command)
        said = dict(word.split("=", 1) for word in command[2:])
        if said.get("choice") == "random":
            return type("Failed", (), {"returncode": 1})
        folder = Path(said["hydra.run.dir"].strip("'"))
        folder.mkdir(parents=True)
        (folder / "structure.yaml").write_text(json.dumps(STRUCTURE))
        (folder / "record.json").write_text(json.dumps(record(said["task"])))
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(program.subprocess, "run", run)
    return found


def test_only_what_is_missing_runs(tmp_path, commands, capsys):
    kept = tmp_path / "kept.json"
    words = ["--out", str(tmp_path), "--keep", str(kept), "--task", "topic", "past_tense", "--budget", "low"]
    words += ["--space", "mix", "--single", "--choice", "search", "random", "--random-structures", "1", "--seed", "0"]
    assert structures.main([*words, "--transfer", "--", "recipe.max_steps=9"]) == 2
    programs = [Path(command[1]).name for command in commands]
    assert programs == ["search.py", "search.py", *["train.py", "search.py", "search.py"] * 2, *["train.py"] * 4]
    assert all("recipe.max_steps=9" in command for command in commands)
    assert sum("retrain=false" in command for command in commands) == 2
    averaged = tmp_path.resolve() / "average" / "low" / "mix" / "0.yaml"
    assert averaged.exists()
    assert sum(f"delta.path='{averaged}'" in command for command in commands) == 2
    first = capsys.readouterr().out
    assert "| low mix | past_tense | topic | mean |" in first
    commands.clear()
    assert structures.main([*words, "--transfer"]) == 2
    assert ["choice=random" in command for command in commands] == [True, True]
    assert capsys.readouterr().out == first
    assert structures.main(["--show", "--keep", str(kept)]) == 0
    assert capsys.readouterr().out == first


def test_a_space_that_cannot_be_asked_for_ends_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(program.subprocess, "run", lambda command, check: type("Done", (), {"returncode": 2}))
    assert structures.main(["--out", str(tmp_path), "--space", "none", "--task", "topic"]) == 1
    assert capsys.readouterr().err == "search_space=none choice=all: cannot be planned for, as said above\n"


@pytest.mark.parametrize("words", [[], ["--show"], ["--out", "x", "--choice", "none"]])
def test_mistakes(words):
    with pytest.raises(SystemExit, match="2"):
        structures.main(words)
