"""Runs on a device that, as a GPU does, refuses what is on the CPU find what they find on the CPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..run.records import same_runs
from ..run.support import CONF, save_model
from .runs import NAMES


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all runs, carried out in a process of their own."""
    model, folder = save_model(tmp_path_factory.mktemp("model")), tmp_path_factory.mktemp("runs")
    start = [sys.executable, "-m", "tests.elsewhere.runs", str(model), str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(start, cwd=CONF.parent, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_run_elsewhere_finds_what_it_finds_on_the_cpu(name: str, both: Path) -> None:
    errors = json.loads((both / "errors.json").read_text())
    assert [errors[f"{name} on {place}"] for place in ("cpu", "elsewhere")] == ["", ""]
    operations = json.loads((both / "operations.json").read_text())
    assert operations[f"{name} on cpu"] == 0 < operations[f"{name} on elsewhere"]
    same_runs(both / "elsewhere" / name, both / "cpu" / name)
