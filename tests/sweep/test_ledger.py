"""The file of a sweep's jobs, whole, damaged or not to be written."""

from __future__ import annotations

import json
import os

import pytest

from deltalab.errors import UserError
from deltalab.sweep.job import Job
from deltalab.sweep.ledger import LEDGER, Ledger

JOB = Job("a1", "0", ["seed=0", "delta=lora"], "done", 2, None, 12.5, 3.0, "", 0.25)


def test_what_is_saved_is_read(tmp_path):
    Ledger(tmp_path, [JOB, Job("b2", "1", [])]).save()
    read = Ledger.read(tmp_path)
    assert read.jobs == [JOB, Job("b2", "1", [])]
    assert (read.find("b2"), read.find("c3")) == (read.jobs[1], None)
    assert read.place(read.jobs[1]) == tmp_path / "1"


def test_there_are_no_jobs_where_there_is_no_file(tmp_path):
    assert Ledger.read(tmp_path).jobs == []


def test_what_an_earlier_sweep_did_not_finish_is_left(tmp_path):
    jobs = [Job(state, state, [], state) for state in ("waiting", "running", "done", "failed", "left")]
    ledger = Ledger(tmp_path, jobs)
    ledger.leave()
    assert [job.state for job in jobs] == ["left", "left", "done", "left", "left"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text[:40], "is no list of a sweep's jobs"),
        (lambda text: text.replace('"format": 1', '"format": 9'), "has format 9, this version reads 1"),
        (lambda text: text.replace('"folder": "0"', '"folder": "../../other"'), "folder '../../other' is outside"),
        (lambda text: text.replace('"done"', '"gone"'), "state is 'gone'"),
        (lambda text: text.replace('"tries": 2', '"tries": "x"'), "tries is 'x'"),
        (lambda text: text.replace('"key"', '"kee"'), "unexpected keyword argument 'kee'"),
        (lambda text: "[]", "is no list of a sweep's jobs"),
    ],
)
def test_a_damaged_file_is_named(change, told, tmp_path):
    Ledger(tmp_path, [JOB]).save()
    path = tmp_path / LEDGER
    path.write_text(change(path.read_text()))
    with pytest.raises(UserError) as error:
        Ledger.read(tmp_path)
    assert str(error.value).startswith(f"{path}: ")
    assert told in str(error.value)


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    Ledger(tmp_path, [JOB]).save()

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("deltalab.atomic.os.replace", full)
    with pytest.raises(UserError, match=r"sweep.json: cannot be written \(No space left on device\)"):
        Ledger(tmp_path, []).save()
    assert len(json.loads((tmp_path / LEDGER).read_text())["jobs"]) == 1
