"""A sweep's folder, and small programs for jobs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deltalab.sweep.claim import claimed
from deltalab.sweep.conduct import Conductor
from deltalab.sweep.job import Job
from deltalab.sweep.ledger import Ledger

# Each notes its start; `record(0.5)` leaves a record with that score.
START = """
import json, os, pathlib, signal, subprocess, sys, time
folder = pathlib.Path(sys.argv[1])
def record(score):
    (folder / "record.json").write_text(json.dumps({"score": score}))
with (folder / "starts").open("a") as file:
    file.write("x")
"""


def command(folder: Path, code: str) -> list[str]:
    """A process that runs `code` for the job in `folder`."""
    return [sys.executable, "-c", START + code, str(folder)]


def starts(ledger: Ledger) -> list[int]:
    """How often each job was started."""
    files = [ledger.place(job) / "starts" for job in ledger.jobs]
    return [len(file.read_text()) if file.exists() else 0 for file in files]


@pytest.fixture
def conducted(tmp_path: Path) -> Callable[..., Ledger]:
    """`conducted(code, ..., retry=, slots=)`: the ledger after jobs that run these programs."""

    def run(*codes: str, retry: int = 0, slots: list[dict[str, str]] | None = None) -> Ledger:
        ledger = Ledger(tmp_path, [Job(f"key{i}", str(i), [f"x={i}"]) for i in range(len(codes))])
        programs = {job.key: command(ledger.place(job), code) for job, code in zip(ledger.jobs, codes, strict=True)}
        with claimed(tmp_path) as claim:
            Conductor(ledger, lambda unit: programs[unit[0].key], slots or [{}], retry, claim).run(
                [job] for job in ledger.jobs
            )
        return ledger

    return run
