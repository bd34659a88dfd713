"""Two processes find what one finds, started by Lightning or by torchrun."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from .support import CONF, program

ROOT = CONF.parent
# 47 rows in batches of 8: the second epoch differs from the first, each ends with 7 rows, which no two share evenly.
RUN = (
    "backbone=t5",
    "task.sizes={train: 47, dev: 13, test: 11}",
    "data.batch_size=8",
    "data.eval_batch_size=8",
    "logger=csv",
    "callbacks=quiet",
    "trainer.accelerator=cpu",
    "trainer.max_steps=14",
    "trainer.val_check_interval=4",
    "trainer.log_every_n_steps=1",
    "stage.patience=2",
    "optimizer.eps=0.01",
    "pack.seed=[0,1]",
)
LAUNCHERS = {
    "lightning": [sys.executable],
    "torchrun": [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"],
}


@pytest.fixture(scope="module")
def alone(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process leaves."""
    folder = tmp_path_factory.mktemp("ddp") / "alone"
    done = program(f"backbone.path={model}", *RUN, folder=folder)
    assert done.code == 0, done.err
    return folder


def check_same(place: Path, alone: Path) -> None:
    """The one run of this folder has found what one process finds."""
    (run,) = (place / "runs" / "movie_sentiment" / "lora").iterdir()  # one folder, though each has a clock
    mine, other = (json.loads((folder / "record.json").read_text()) for folder in (run, alone))
    assert len(mine["jobs"]) == 2
    for one, two in zip(mine["jobs"], other["jobs"], strict=True):
        assert {key: one[key] for key in ("name", "best_step", "ended")} == {
            key: two[key] for key in ("name", "best_step", "ended")
        }
        assert (one["dev"], one["test"]) == (two["dev"], two["test"])  # every row once, or counts would differ
        theta, expected = (
            load_file(folder / "jobs" / one["name"] / "solution" / "theta.safetensors") for folder in (run, alone)
        )
        for name in expected:
            torch.testing.assert_close(theta[name], expected[name], rtol=0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_two_processes_find_what_one_finds(launcher: str, alone: Path, model: Path, tmp_path: Path) -> None:
    words = [f"backbone.path={model}", *RUN, "trainer.devices=2", "+trainer.strategy=ddp"]
    command = [*LAUNCHERS[launcher], str(ROOT / "train.py"), *words, f"store.root={tmp_path}/store"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    check_same(tmp_path, alone)


@pytest.mark.soak
def test_two_nodes_find_what_one_process_finds(alone: Path, model: Path, tmp_path: Path) -> None:
    words = [f"backbone.path={model}", *RUN, "+trainer.num_nodes=2", "+trainer.strategy=ddp"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nodes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "torch.distributed.run", "--nnodes=2", f"--node-rank={rank}"),
                *("--nproc-per-node=1", "--master-addr=127.0.0.1", f"--master-port={port}"),
                *(str(ROOT / "train.py"), *words, f"store.root={tmp_path}/store"),
            ],
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    told = [node.communicate(timeout=300)[1] for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0], told[0][-2000:] + told[1][-2000:]
    check_same(tmp_path, alone)
