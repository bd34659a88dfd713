"""The commands of the README that have a solution to work on, in their order."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
import torch

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import embedded
from deltalab.delta.lora import Lora
from deltalab.delta.solution import Solution
from deltalab.interop.__main__ import main as interop
from deltalab.interop.node import settings_at
from deltalab.predict.__main__ import main as predict

README = (Path(__file__).parents[2] / "README.md").read_text()
PROGRAMS = {"deltalab.interop": interop, "deltalab.predict": predict}
LINES = [shlex.split(line, comments=True) for line in README.splitlines() if line.startswith("python -m deltalab.")]
COMMANDS = [(words[2], words[3:]) for words in LINES if words[2] in PROGRAMS]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with what the commands name."""
    monkeypatch.chdir(tmp_path)
    delta = Lora(rank=2).bind(embedded("tiny", t5()), "lora")
    theta = delta.layout.initial(0) + 0.05 * torch.randn(delta.size, generator=torch.Generator().manual_seed(1))
    facts = {"task": {"name": "x", "labels": ["bad", "good"]}, "config": {"backbone": settings_at("tiny")}}
    Solution.of(delta, theta, 0, facts).save(tmp_path / "runs" / "..." / "solution", delta)
    (tmp_path / "rows.jsonl").write_text('{"input": "one"}\n{"input": "two"}\n')
    (tmp_path / "published.json").write_text('[{"wo": {"sequential": {"BitFitParallel": {}}}}]')
    return tmp_path


def test_they_all_work(place, capsys):
    for program, words in COMMANDS:
        assert PROGRAMS[program](words) == 0, capsys.readouterr().err
    assert {path.name for path in place.iterdir()} >= {
        "answers.jsonl",
        "adapter",
        "merged",
        "imported",
        "structure.yaml",
    }
    answers = [json.loads(line)["input"] for line in (place / "answers.jsonl").read_text().splitlines()]
    assert answers == ["one", "two"]


def test_there_is_one_for_each_thing_the_program_does():
    done = {words[0] for program, words in COMMANDS if program == "deltalab.interop"}
    assert done == {"export", "import", "merge", "structure"}
