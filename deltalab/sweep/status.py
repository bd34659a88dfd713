"""What a sweep's folder shows of its jobs, in work or not."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from deltalab.errors import UserError
from deltalab.sweep.claim import in_work
from deltalab.sweep.job import STATES, Job
from deltalab.sweep.ledger import LEDGER, Ledger
from deltalab.sweep.pace import left, shown

__all__ = ["best", "look", "summary", "table"]

_STYLES = {"done": "green", "running": "cyan", "failed": "red", "left": "dim", "stopped": "yellow"}


def look(folder: Path) -> tuple[list[Job], bool]:
    """The jobs of a sweep and whether it is in work; raises `UserError` for a folder without a sweep."""
    working = in_work(folder)  # asked first: a sweep that ends in between has then written its last word
    if not (folder / LEDGER).exists():
        raise UserError(f"{folder}: no {LEDGER} in it; give the folder of a sweep, such as runs/multirun/...")
    return Ledger.read(folder).jobs, working


def best(jobs: Sequence[Job]) -> Job | None:
    """The first of the jobs with the highest score."""
    return max((job for job in jobs if job.score is not None), key=lambda job: job.score or 0.0, default=None)


def summary(jobs: Sequence[Job], working: bool) -> str:
    """How many jobs there are in each state, the best so far, and the time to go."""
    counts = Counter(_state(job, working) for job in jobs)
    parts = [f"{counts[state]} {state}" for state in (*STATES, "stopped") if counts[state]]
    top = best(jobs)
    if top is not None and top.score is not None:
        parts.append(f"best {100 * top.score:.1f} by job {top.folder}")
    seconds = left(jobs, time.time()) if working else None
    if seconds:
        parts.append(f"about {shown(seconds)} to go")
    return f"{len(jobs)} jobs, {'in work' if working else 'not in work'}: {', '.join(parts) or 'none'}"


def table(folder: Path, jobs: Sequence[Job], working: bool) -> Group:
    """A row for each job, and the summary; what all of them have in common is not repeated."""
    shared = set.intersection(*(set(job.overrides) for job in jobs)) if len(jobs) > 1 else set()
    top = best(jobs)
    made = Table("job", "state", "score", "time", "tries", "overrides", "last line")
    for column in made.columns[:5]:
        column.no_wrap = True
    for job in jobs:
        state = _state(job, working)
        own = [word for word in job.overrides if word not in shared]
        colour, last = _STYLES.get(state, ""), Text(job.reason if state != "done" else "")
        known = Text(job.folder), Text(state, colour), _score(job, top), _time(job, state), str(job.tries)
        made.add_row(*known, Text(" ".join(own)), last)
    return Group(made, Text(f"sweep {folder}: {summary(jobs, working)}"))


def _state(job: Job, working: bool) -> str:
    """As the file has it, but nothing runs where no process is left."""
    return "stopped" if job.state == "running" and not working else job.state


def _score(job: Job, top: Job | None) -> Text:
    shown = "" if job.score is None else f"{100 * job.score:.1f}"
    return Text(shown, "bold" if job is top else "", justify="right")


def _time(job: Job, state: str) -> str:
    if state == "running" and job.started is not None:
        return f"{time.time() - job.started:.0f} s"
    return "" if job.seconds is None else f"{job.seconds:.0f} s"
