"""What is read from a job's folder."""

from __future__ import annotations

import json
import math

import pytest

from deltalab.sweep.job import JobError
from deltalab.sweep.outcome import LOG, RECORD, last_line, number, objectives, reason, record


@pytest.mark.parametrize("text", ['{"score": 0.5', "", "[1]", '{"stage": "tune"}'])
def test_part_of_a_record_is_none(text, tmp_path):
    assert record(tmp_path) is None
    (tmp_path / RECORD).write_text(text)
    assert record(tmp_path) is None


def test_a_sweeper_is_told_what_it_asked_for(tmp_path):
    jobs = [{"parameters": 100}, {"parameters": 300}, {"parameters": 0}]  # the last is the frozen backbone
    (tmp_path / RECORD).write_text(json.dumps({"score": 0.5, "jobs": jobs}))
    found = record(tmp_path)
    assert objectives(found, ["score"]) == 0.5
    assert objectives(found, ["parameters", "score"]) == (200.0, 0.5)
    assert objectives({"score": 0.1, "jobs": jobs[2:]}, ["parameters"]) == 0.0


def test_a_record_without_a_score_or_without_jobs():
    assert math.isnan(objectives({"score": None}, ["score"]))
    with pytest.raises(JobError, match="the record has no jobs"):
        objectives({"score": 0.5, "jobs": []}, ["score", "parameters"])


@pytest.mark.parametrize("value", [None, "1", True, math.nan, math.inf])
def test_no_number(value):
    assert number(value) is None
    assert number(2) == 2.0


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\n\n  \n", "b"),
        ("epoch 1\repoch 2\r", "epoch 2"),
        ("\x1b[31mred\x1b[0m\n", "red"),
        ("x" * 20000 + "\nlast", "last"),
        ("\n", ""),
    ],
)
def test_the_last_line_is_what_a_reader_sees(text, line, tmp_path):
    (tmp_path / LOG).write_text(text)
    assert last_line(tmp_path / LOG) == line


def test_a_reason_is_never_empty(tmp_path):
    assert (reason(tmp_path, 3), reason(tmp_path, 0)) == ("exit code 3", "ended without record.json")
    assert reason(tmp_path, -11) == "killed by SIGSEGV"
    (tmp_path / LOG).write_text("step 7\n")
    assert (reason(tmp_path, 3), reason(tmp_path, -9)) == ("step 7", "killed by SIGKILL after: step 7")
