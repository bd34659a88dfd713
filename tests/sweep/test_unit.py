"""Where a unit of jobs runs."""

from __future__ import annotations

from deltalab.sweep.job import Job
from deltalab.sweep.unit import folder

JOBS = [Job(key, str(i), []) for i, key in enumerate("abc")]


def test_one_job_runs_in_its_own_folder() -> None:
    assert [folder([job]) for job in JOBS] == ["0", "1", "2"]


def test_several_run_in_one_that_is_theirs_alone() -> None:
    both = folder(JOBS[:2])
    assert both == folder([Job("a", "7", ["x=1"]), Job("b", "8", [])])  # found again by what the jobs are
    assert len({both, folder(JOBS[1:]), folder(JOBS), *(job.folder for job in JOBS)}) == 6
    assert both.startswith("packs/")
