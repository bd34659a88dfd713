"""Curves of jobs that share a run."""

from __future__ import annotations

from deltalab.report.per_job import PerJob


class Noted:
    """A logger that remembers."""

    def __init__(self) -> None:
        self.told, self.saved, self.status = [], 0, None

    def log_metrics(self, metrics, step) -> None:
        self.told.append((metrics, step))

    def save(self) -> None:
        self.saved += 1

    def finalize(self, status) -> None:
        self.status = status


def test_each_job_hears_of_itself_and_of_what_is_shared() -> None:
    one, other, deep = Noted(), Noted(), Noted()
    logger = PerJob({"1": [one], "11": [other], "a/1": [deep]})
    logger.log_metrics({"loss/1": 0.5, "loss/11": 0.25, "epoch": 3.0}, 7)
    logger.log_metrics({"loss/a/1": 0.125}, 8)
    assert one.told == [({"loss": 0.5, "epoch": 3.0}, 7)]
    assert other.told == [({"loss": 0.25, "epoch": 3.0}, 7)]
    assert deep.told == [({"loss": 0.125}, 8)]


def test_a_metric_of_no_job_alone_is_no_line_in_any_curve() -> None:
    one = Noted()
    PerJob({"1": [one]}).log_metrics({"epoch": 3.0}, 7)
    assert one.told == []


def test_every_logger_is_saved_and_ended() -> None:
    found = [Noted() for _ in range(3)]
    logger = PerJob({"0": found[:2], "1": found[2:]})
    logger.save()
    logger.finalize("success")
    assert [(one.saved, one.status) for one in found] == [(1, "success")] * 3
