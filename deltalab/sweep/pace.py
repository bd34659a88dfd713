"""How long a sweep still takes, by the jobs that it has done."""

from __future__ import annotations

from collections.abc import Sequence

from deltalab.sweep.job import Job

__all__ = ["left", "shown"]


def left(jobs: Sequence[Job], now: float) -> float | None:
    """Seconds until no job waits or runs, if each takes the mean of those done; None where none is.

    Jobs of one pack have one start and one end: together they count as one process, and each as its share of it.
    """
    ended = {(job.started, job.seconds): job.seconds for job in jobs if job.state == "done" and job.seconds is not None}
    count = sum(job.state == "done" and job.seconds is not None for job in jobs)
    if not count:
        return None
    mean = sum(ended.values()) / count
    running: dict[int | None, list[Job]] = {}
    for job in jobs:
        if job.state == "running":
            running.setdefault(job.pid, []).append(job)
    under_way = [max(0.0, mean * len(unit) - (now - (unit[0].started or now))) for unit in running.values()]
    waiting = mean * sum(job.state == "waiting" for job in jobs)
    return max([(sum(under_way) + waiting) / max(len(running), 1), *under_way])


def shown(seconds: float) -> str:
    """As 2:05:09, or 5:09."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
