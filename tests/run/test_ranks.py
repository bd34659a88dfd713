"""Every stage carried out by two processes: what one finds, written once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .ranks import RUNS, carried_out
from .records import same_runs
from .support import CONF


@pytest.fixture(scope="module")
def alone(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process leaves."""
    folder = tmp_path_factory.mktemp("alone")
    assert {name: carried_out(name, model, folder) for name in RUNS} == dict.fromkeys(RUNS, 0)
    return folder


@pytest.fixture(scope="module")
def together(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes leave."""
    folder = tmp_path_factory.mktemp("together")
    start = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "-m", "tests.run.ranks"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*start, str(model), str(folder)], cwd=CONF.parent, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_two_processes_find_what_one_finds(name: str, alone: Path, together: Path) -> None:
    same_runs(together / name, alone / name)
    assert name == "sensitivity" or list((alone / name).rglob("*.safetensors"))


@pytest.mark.slow
def test_the_first_process_tells_that_a_run_is_to_go_on(together: Path) -> None:
    codes = [json.loads((together / f"codes-{rank}.json").read_text()) for rank in (0, 1)]
    assert [each.pop("interrupted") for each in codes] == [75, 0]
    assert [set(each.values()) for each in codes] == [{0}, {0}]


@pytest.mark.slow
def test_what_a_stage_rests_on_is_made_once(alone: Path, together: Path) -> None:
    kinds = [
        sorted(path.parents[1].name for path in (folder / "store").glob("*/*/entry.json"))
        for folder in (alone, together)
    ]
    assert kinds[0] == kinds[1]
    assert kinds[0].count("subspace") == 4
