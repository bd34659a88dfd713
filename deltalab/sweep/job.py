"""One job of a sweep and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final, get_args

__all__ = ["STATES", "Job", "JobError", "State"]

State = Literal["waiting", "running", "done", "failed", "left"]
STATES: tuple[State, ...] = get_args(State)
"""`left`: asked for by an earlier sweep in the same folder, not finished then and not asked for now."""


class JobError(Exception):
    """What a sweeper is told in place of the score of a job that failed."""


@final
@dataclass
class Job:
    """A job by the hash of its settings, its folder below that of the sweep, and the overrides that make it.

    `tries` are starts since the sweep was last started, `pid` the process of the last of them, `started` its time in
    seconds since the epoch, `seconds` how long it took, `reason` why it failed, `score` the fraction in its record.
    """

    key: str
    folder: str
    overrides: list[str]
    state: State = "waiting"
    tries: int = 0
    pid: int | None = None
    started: float | None = None
    seconds: float | None = None
    reason: str = ""
    score: float | None = None
