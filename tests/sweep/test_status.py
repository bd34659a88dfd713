"""What the command shows of a sweep, in work, dead, or none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deltalab.sweep.claim import claimed
from deltalab.sweep.job import Job
from deltalab.sweep.ledger import Ledger

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(
        tmp_path,
        [
            Job("a", "0", ["delta=lora", "seed=0"], "done", 1, None, 0.0, 61.2, "", 0.5),
            Job("b", "1", ["delta=lora", "seed=1"], "running", 1, 99, time.time() - 7),
            Job("c", "2", ["delta=lora", "seed=2"], "failed", 2, None, 0.0, 3.0, "error: [b]rank[/b]"),
            Job("d", "3", ["delta=lora", "seed=3"]),
            Job("e", "4", ["delta=lora", "seed=4"], "done", 1, None, 0.0, 5.0, "", 0.731),
        ],
    )
    made.save()
    return made


def shown(*words: str) -> tuple[int, str, str]:
    environment = {**os.environ, "COLUMNS": "160", "TERM": "dumb", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "deltalab.sweep", "status", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]


def test_a_dead_sweep(ledger, tmp_path):
    code, out, _ = shown(str(tmp_path))
    assert code == 0
    assert rows(out) == [
        ["0", "done", "50.0", "61 s", "1", "seed=0", ""],
        ["1", "stopped", "", "", "1", "seed=1", ""],
        ["2", "failed", "", "3 s", "2", "seed=2", "error: [b]rank[/b]"],
        ["3", "waiting", "", "", "0", "seed=3", ""],
        ["4", "done", "73.1", "5 s", "1", "seed=4", ""],
    ]
    told = f"sweep {tmp_path}: 5 jobs, not in work: 1 waiting, 2 done, 1 failed, 1 stopped, best 73.1 by job 4"
    assert out.splitlines()[-1] == told


def test_a_sweep_in_work_is_shown_once_where_there_is_no_terminal(ledger, tmp_path):
    with claimed(tmp_path):
        _, out, _ = shown(str(tmp_path))
    assert rows(out)[1][:2] == ["1", "running"]
    assert 7 <= int(rows(out)[1][3].removesuffix(" s")) < 60
    assert "5 jobs, in work: 1 waiting, 1 running, 2 done, 1 failed, best" in out


def test_a_terminal_is_kept_up_to_date_until_the_sweep_ends(ledger, tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "deltalab.sweep", "status", str(tmp_path)]
    environment = {**os.environ, "COLUMNS": "160", "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    with claimed(tmp_path):
        watching = subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs)
        os.close(theirs)
        seen = b""
        while b"1 running" not in seen:
            seen += os.read(ours, 65536)
        ledger.jobs[1].state, ledger.jobs[1].score = "done", 0.9
        ledger.save()
        while b"best 90.0" not in seen:
            seen += os.read(ours, 65536)
        assert watching.poll() is None
    assert watching.wait(timeout=30) == 0
    os.close(ours)


def test_a_folder_without_a_sweep_is_a_mistake(tmp_path):
    code, out, err = shown(str(tmp_path / "none"))
    assert (code, out) == (2, "")
    assert (
        err == f"error: {tmp_path}/none: no sweep.json in it; give the folder of a sweep, such as runs/multirun/...\n"
    )
