"""Every stage carried out by two processes: what one finds, written once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from .ranks import RUNS, carried_out
from .support import CONF

_OWN = ("config", "seconds", "seconds_search", "seconds_retrain", "peak_memory_mb", "revision", "origin", "chip")


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
    one, two = (json.loads((folder / name / "record.json").read_text()) for folder in (alone, together))
    _same(two, one)
    tensors = sorted(path.relative_to(alone / name) for path in (alone / name).rglob("*.safetensors"))
    assert tensors or name == "sensitivity"
    for path in tensors:
        mine, other = (load_file(folder / name / path) for folder in (together, alone))
        for key in other:
            torch.testing.assert_close(mine[key], other[key], rtol=0, atol=1e-5)


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


def _same(mine: Any, other: Any) -> None:
    """Two records say the same, numbers to 1e-5."""
    if isinstance(other, dict):
        assert mine.keys() == other.keys()
        for key in other.keys() - set(_OWN):
            _same(mine[key], other[key])
    elif isinstance(other, list):
        assert len(mine) == len(other)
        for a, b in zip(mine, other, strict=True):
            _same(a, b)
    elif isinstance(other, float):
        assert mine == pytest.approx(other, abs=1e-5)
    else:
        assert mine == other
