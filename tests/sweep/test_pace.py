"""The time that a sweep still takes, against sums by hand."""

from __future__ import annotations

import pytest

from deltalab.sweep.job import Job
from deltalab.sweep.pace import left, shown


def job(state, pid=None, started=None, seconds=None):
    return Job("k", "0", [], state, 1, pid, started, seconds)


def test_nothing_is_known_before_a_job_is_done():
    assert left([job("waiting"), job("running", 1, 0.0), job("failed", None, 0.0, 5.0)], 9.0) is None


def test_jobs_one_after_the_other():
    """Two done in 10 s on the mean; 4 s of one have passed, two wait: 6 + 20."""
    jobs = [job("done", None, 0.0, 8.0), job("done", None, 8.0, 12.0), job("running", 1, 100.0), *[job("waiting")] * 2]
    assert left(jobs, 104.0) == pytest.approx(26.0)


def test_jobs_side_by_side_share_what_waits_but_none_ends_before_it_does():
    done = job("done", None, 0.0, 10.0)
    both = [job("running", 1, 100.0), job("running", 2, 106.0)]
    assert left([done, *both, job("waiting"), job("waiting")], 108.0) == pytest.approx((2 + 8 + 20) / 2)
    assert left([done, *both], 108.0) == pytest.approx(8.0)


def test_a_job_that_takes_longer_than_others_is_about_to_end():
    assert left([job("done", None, 0.0, 10.0), job("running", 1, 100.0)], 150.0) == 0.0


def test_a_pack_counts_once_each_of_its_jobs_as_a_share():
    """Four in 20 s are 5 s each: another pack of four, 8 s old, needs 12."""
    packed = [job("done", None, 1.0, 20.0)] * 4 + [job("running", 7, 100.0)] * 4
    assert left(packed, 108.0) == pytest.approx(12.0)


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0:00"), (65, "1:05"), (3599.6, "1:00:00"), (7509, "2:05:09")])
def test_time_is_shown_as_a_clock_does(seconds, text):
    assert shown(seconds) == text
