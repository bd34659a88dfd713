"""Jobs in places: order, retries, deaths, and a request to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deltalab.sweep.claim import in_work
from deltalab.sweep.ledger import Ledger
from deltalab.sweep.outcome import LOG

from .conftest import START, starts

ROOT = Path(__file__).parents[2]
FIRST_TIME = 'if len((folder / "starts").read_text()) == 1: '


def test_what_becomes_of_each_job_is_written_down(conducted, tmp_path):
    ledger = conducted(
        "record(0.5)",
        "print('first'); print('what went wrong'); sys.exit(3)",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "pass",
        "record(float('nan'))",
    )
    assert [job.state for job in ledger.jobs] == ["done", "failed", "failed", "failed", "done"]
    assert [job.score for job in ledger.jobs] == [0.5, None, None, None, None]
    reasons = [job.reason for job in ledger.jobs]
    assert reasons == ["", "what went wrong", "killed by SIGKILL", "ended without record.json", ""]
    assert starts(ledger) == [1, 1, 1, 1, 1]
    assert Ledger.read(tmp_path).jobs == ledger.jobs
    assert not in_work(tmp_path)


def test_a_failed_job_is_tried_again_and_others_go_first(conducted, capsys):
    ledger = conducted(FIRST_TIME + "sys.exit(1)\nrecord(1.0)", "record(0.0)", "sys.exit(1)", retry=2)
    assert [job.state for job in ledger.jobs] == ["done", "done", "failed"]
    assert starts(ledger) == [2, 1, 3]
    told = [line.split()[1] for line in capsys.readouterr().out.splitlines() if " started" in line]
    assert told == ["0", "1", "2", "0", "2", "2"]


def test_a_mistake_of_the_user_is_not_tried_again(conducted):
    ledger = conducted("print('error: rank=0'); sys.exit(2)", retry=5)
    assert (starts(ledger), ledger.jobs[0].reason) == ([1], "error: rank=0")


def test_a_job_that_was_asked_to_end_goes_on_and_has_lost_no_try(conducted):
    twice = 'if len((folder / "starts").read_text()) < 3: sys.exit(75)\n'
    ledger = conducted(twice + "record(1.0)", twice + "sys.exit(1)", retry=1)
    assert [job.state for job in ledger.jobs] == ["done", "failed"]
    assert starts(ledger) == [3, 4]
    assert [job.tries for job in ledger.jobs] == [1, 2]


def test_a_failed_job_with_a_record_has_failed(conducted):
    assert conducted("record(1.0); sys.exit(1)").jobs[0].state == "failed"


def test_a_program_that_is_not_there_fails_its_job_alone(conducted, monkeypatch):
    monkeypatch.setattr("tests.sweep.conftest.sys.executable", "/nosuch/python")
    assert "No such file" in conducted("record(1.0)").jobs[0].reason


def test_as_many_run_at_once_as_there_are_slots(conducted):
    code = """
others = folder.parent / "now"
others.mkdir(exist_ok=True)
mine = others / f"{folder.name} {os.environ['PLACE']}"
mine.touch()
for _ in range(60):  # until there is company
    there = [path.name.split()[1] for path in others.iterdir()]
    if len(there) > 1:
        break
    time.sleep(0.05)
(folder / "seen").write_text(json.dumps(there))
time.sleep(0.2)
mine.unlink()
record(0.0)
"""
    ledger = conducted(*[code] * 5, slots=[{"PLACE": "a"}, {"PLACE": "b"}])
    seen = [json.loads((ledger.place(job) / "seen").read_text()) for job in ledger.jobs]
    assert max(len(places) for places in seen) == 2
    assert all(len(set(places)) == len(places) for places in seen)  # nobody shares a place


def test_what_a_dead_job_leaves_running_is_ended(conducted):
    ledger = conducted(
        """
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(folder / "helper").write_text(str(helper.pid))
os.kill(os.getpid(), signal.SIGKILL)
"""
    )
    assert gone(int((ledger.folder / "0" / "helper").read_text()))


def test_output_of_every_try_is_kept(conducted):
    ledger = conducted("print(f'try {len((folder / \"starts\").read_text())}'); sys.exit(1)", retry=1)
    assert (ledger.folder / "0" / LOG).read_text() == "try 1\ntry 2\n"


def gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends soon; one that nobody waits for is gone as well."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


# A sweep of three jobs in two slots; the first two hang, each with a process of its own, and note a SIGTERM.
SWEEP = f"""
import sys
from pathlib import Path
from deltalab.sweep.claim import claimed
from deltalab.sweep.conduct import Conductor
from deltalab.sweep.job import Job
from deltalab.sweep.ledger import Ledger
HANG = {START!r} + '''
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
def save(*_):
    (folder / "saved").touch()
    if not STUBBORN: sys.exit(0)
signal.signal(signal.SIGTERM, save)
(folder / "pids.part").write_text(f"{{os.getpid()}} {{helper.pid}}")
(folder / "pids.part").rename(folder / "pids")
while True: time.sleep(600)
'''
folder, stubborn = Path(sys.argv[1]), sys.argv[2]
ledger = Ledger(folder, [Job(str(i), str(i), []) for i in range(3)])
def command(unit):
    return [sys.executable, "-c", HANG.replace("STUBBORN", stubborn), str(ledger.place(unit[0]))]
with claimed(folder) as claim:
    Conductor(ledger, command, [{{}}, {{}}], 1, claim).run([job] for job in ledger.jobs)
"""


def hanging(folder: Path, stubborn: bool) -> tuple[subprocess.Popen[str], list[int]]:
    """A sweep whose jobs hang, and the processes of these."""
    sweep = subprocess.Popen(
        [sys.executable, "-c", SWEEP, str(folder), str(stubborn)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where the tests run in background
    )
    files, until = [folder / name / "pids" for name in "01"], time.monotonic() + 60
    while not all(file.exists() for file in files):
        assert time.monotonic() < until
        assert sweep.poll() is None
        time.sleep(0.05)
    return sweep, [int(word) for file in files for word in file.read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1], ids=lambda number: number.name)
def test_a_request_to_stop_leaves_jobs_to_go_on_and_no_process(number, tmp_path):
    sweep, pids = hanging(tmp_path, stubborn=False)
    assert in_work(tmp_path)
    sweep.send_signal(number)
    _, told = sweep.communicate(timeout=30)
    assert sweep.returncode == 128 + number
    assert told == f"sweep {tmp_path}: stopped; the same command goes on\n"
    assert [job.state for job in Ledger.read(tmp_path).jobs] == ["waiting"] * 3
    assert [(tmp_path / name / "saved").exists() for name in "01"] == [True, True]  # asked before it was forced
    assert not (tmp_path / "2").exists()
    assert all(gone(pid) for pid in pids)
    assert not in_work(tmp_path)


def test_a_second_request_ends_jobs_by_force(tmp_path):
    sweep, pids = hanging(tmp_path, stubborn=True)
    sweep.send_signal(signal.SIGINT)
    until = time.monotonic() + 30
    while not all((tmp_path / name / "saved").exists() for name in "01"):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert sweep.poll() is None
    sweep.send_signal(signal.SIGINT)
    assert sweep.wait(timeout=30) == 130
    sweep.communicate()
    assert all(gone(pid) for pid in pids)


def test_a_folder_is_in_work_as_long_as_a_job_outlives_its_sweep(tmp_path):
    sweep, pids = hanging(tmp_path, stubborn=False)
    sweep.kill()
    sweep.communicate()
    assert in_work(tmp_path)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert all(gone(pid) for pid in pids)
    assert not in_work(tmp_path)
