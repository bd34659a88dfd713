"""The commands and the code of the README run."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import PROGRAMS, ROOT, blocks, commands, execute, run

README = ROOT / "README.md"
LINES = commands(README)
RUNS = [line for line in LINES if line.split()[1] in PROGRAMS]
MODULES = [line for line in LINES if line.startswith("python -m ")]
MAKES = [line for line in LINES if line.startswith("make ")]


def test_every_command_is_one_that_is_run_here() -> None:
    assert sorted(LINES) == sorted(RUNS + MODULES + MAKES)
    assert RUNS
    assert MAKES


@pytest.mark.parametrize("line", RUNS)
def test_command(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    place = [f"hydra.run.dir={tmp_path}/run", f"hydra.sweep.dir={tmp_path}/run", f"store.root={tmp_path}/store"]
    run(line, monkeypatch, *place)
    records = sorted((tmp_path / "run").rglob("record.json"))
    assert records
    said = capsys.readouterr().out.split()
    record = said[-3] if said[-2] == "picture:" else said[-1]  # a sweep ends with a picture of its jobs together
    assert record.endswith("record.json")
    assert Path(said[-1]).is_file()


@pytest.mark.parametrize("line", MODULES)
def test_module(line: str) -> None:
    words = shlex.split(line)[1:]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("line", MAKES)
def test_make_target_exists(line: str) -> None:
    done = subprocess.run(["make", "--dry-run", *line.split()[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_experiment_without_hydra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (block,) = blocks(README, "python")
    monkeypatch.chdir(tmp_path)
    known: dict = {}
    execute(block.text, known, monkeypatch)
    # Eight dev rows and eight test rows: the score is a share of them, that of the best point.
    assert float(capsys.readouterr().out.split()[-1]) in [n / 8 for n in range(9)]
    assert known["module"].progress[0].best_step > 0
    statements = [line for line in block.text.splitlines() if line.strip() and "import" not in line]
    assert len(statements) <= 10
