"""The commands of the README run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import search
import train

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
PROGRAMS = {"train.py": train.main, "search.py": search.main}
RUNS = [line for line in LINES if line.split()[1] in PROGRAMS]
MODULES = [line for line in LINES if line.startswith("python -m ")]
MAKES = [line for line in LINES if line.startswith("make ")]
SMOKE = ["trainer=smoke", "callbacks=quiet", "logger=csv", "task.sizes={train: 40, dev: 8, test: 8}"]


def test_every_command_is_one_that_is_run_here() -> None:
    assert sorted(LINES) == sorted(RUNS + MODULES + MAKES)
    assert RUNS
    assert MAKES


@pytest.mark.parametrize("line", RUNS)
def test_command(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    place = [f"hydra.run.dir={tmp_path}/run", f"hydra.sweep.dir={tmp_path}/run", f"store.root={tmp_path}/store"]
    program, *words = shlex.split(line)[1:]
    monkeypatch.setattr(sys, "argv", [program, *words, *SMOKE, *place])
    PROGRAMS[program]()
    records = sorted((tmp_path / "run").rglob("record.json"))
    assert records
    assert capsys.readouterr().out.strip().endswith("record.json")


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
