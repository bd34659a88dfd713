"""Sweeps killed with all their processes, and finished by the same command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from deltalab.report.page.curves import curves
from deltalab.report.page.run import read
from deltalab.sweep.claim import in_work
from deltalab.sweep.ledger import Ledger
from deltalab.sweep.outcome import LOG, RECORD, record

from .support import CONF, SMALL, program
from .test_sweep import PROGRAM, place  # noqa: F401 - a fixture


def killed(command: list[str], sweep: Path, cwd: Path, environment: dict[str, str], when: Callable[[], bool]) -> None:
    """Start a sweep, and once `when` is so, kill it with its process group and every job that runs."""
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 240
    while not when():
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for job in Ledger.read(sweep).jobs:
        if job.state == "running" and job.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(job.pid, signal.SIGKILL)
    while in_work(sweep):  # a job that was just started, and is not in the ledger yet
        time.sleep(0.05)


def ends(sweep: Path) -> dict[str, int]:
    """The jobs with a whole record, and when it was written."""
    places = (path for path in sweep.iterdir() if record(path) is not None)
    return {path.name: (path / RECORD).stat().st_mtime_ns for path in places}


@pytest.mark.soak
def test_a_sweep_of_twelve_jobs_killed_twice_is_finished_by_starting_it_again(place):  # noqa: F811
    """No job that had come to its end runs again."""
    sweep, numbers = place / "sweep", range(10, 22)
    sweep.mkdir()
    words = ["-m", f"x={','.join(map(str, numbers))}", "sweep.jobs=2", f"hydra.sweep.dir={sweep}"]
    command = [sys.executable, str(PROGRAM), *words]
    environment = {**os.environ, "SWEEP_CONF": str(place.parent / "conf"), "PYTHONPATH": str(CONF.parent)}
    kept = []
    for least in (3, 7):
        killed(command, sweep, place, environment, lambda least=least: len(ends(sweep)) >= least)
        kept.append(ends(sweep))
    assert 3 <= len(kept[0]) < len(kept[1]) < 12
    last = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=240)
    assert last.returncode == 0, last.stderr
    found = ends(sweep)
    assert len(found) == 12
    assert kept[0].items() <= kept[1].items() <= found.items()
    starts = Counter((place / "starts").read_text().split())
    jobs = Ledger.read(sweep).jobs
    assert all(starts[str(number)] == 1 for number, job in zip(numbers, jobs, strict=True) if job.folder in kept[0])
    assert [(job.state, job.score) for job in jobs] == [("done", 1 / number) for number in numbers]


@pytest.mark.soak
def test_a_packed_sweep_killed_in_the_middle_goes_on(model, tmp_path):
    sweep, seeds = tmp_path / "sweep", range(3)
    words = [
        "backbone=t5",
        f"backbone.path={model}",
        "logger=csv",
        "callbacks=quiet",
        "trainer.accelerator=cpu",
        "trainer.max_steps=12",
        "trainer.val_check_interval=4",
        "trainer.log_every_n_steps=1",
        "optimizer.eps=0.01",
        *SMALL,
        "delta.rank=2",
    ]
    places = [f"hydra.sweep.dir={sweep}", f"store.root={tmp_path / 'store'}"]
    many = f"seed={','.join(map(str, seeds))}"
    command = [sys.executable, str(CONF.parent / "train.py"), "-m", *words, many, "sweep.pack=true", *places]
    left = sweep / "packs"
    killed(command, sweep, tmp_path, dict(os.environ), lambda: any(left.glob("*/checkpoints/last.ckpt")))
    assert not list(sweep.glob("*/record.json"))
    last = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert last.returncode == 0, last.stderr
    (pack,) = left.iterdir()  # the same
    assert (pack / LOG).read_text().count("going on from step") == 1
    for job, seed in zip(Ledger.read(sweep).jobs, seeds, strict=True):
        run = read(sweep / job.folder / "record.json")
        assert (job.state, job.score, run.record["config"]["seed"]) == ("done", run.record["score"], seed)
        (steps,) = [[step for step, _ in one] for one in curves(sweep / job.folder)["train/loss"].values()]
        assert steps == list(range(12))
    apart = program(*words, "seed=2", folder=tmp_path / "apart")
    thetas = [load_file(folder / "solution" / "theta.safetensors") for folder in (sweep / "2", apart.folder)]
    assert all(torch.allclose(thetas[0][name], thetas[1][name], atol=1e-5) for name in thetas[1])
