"""What a job leaves: its record, or the last line of its output."""

from __future__ import annotations

import json
import math
import os
import re
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from deltalab.sweep.job import JobError

__all__ = ["LOG", "OBJECTIVES", "RECORD", "number", "objectives", "reason", "record"]

RECORD, LOG = "record.json", "job.log"
OBJECTIVES = ("score", "parameters")
_TAIL = 8192


def record(folder: Path) -> dict[str, Any] | None:
    """The record in a job's folder, or None where there is none or but a part of one."""
    try:
        content = json.loads((folder / RECORD).read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and "score" in content else None


def number(value: object) -> float | None:
    """A finite number as such, else None."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None  # type: ignore[arg-type]


def objectives(content: Mapping[str, Any], names: Sequence[str]) -> float | tuple[float, ...]:
    """What a sweeper is told of a record: its score, NaN where it has none, or several numbers.

    `parameters` is the mean over the jobs that were tuned. Raises `JobError` for a record without jobs.
    """
    values = tuple(_score(content) if name == "score" else _parameters(content) for name in names)
    return values[0] if len(values) == 1 else values


def _score(content: Mapping[str, Any]) -> float:
    score = number(content["score"])
    return math.nan if score is None else score


def _parameters(content: Mapping[str, Any]) -> float:
    counts = [job["parameters"] for job in content.get("jobs") or ()]
    if not counts:
        raise JobError("sweep.objectives: parameters: the record has no jobs, so no parameters were counted")
    return fmean([count for count in counts if count] or counts)


def reason(folder: Path, code: int) -> str:
    """Why a process failed: the signal that ended it, its last line, its exit code, as far as there is any."""
    line = last_line(folder / LOG)
    if code < 0:
        return f"killed by {signal.Signals(-code).name}" + (f" after: {line}" if line else "")
    return line or (f"exit code {code}" if code else f"ended without {RECORD}")


def last_line(path: Path) -> str:
    """The last line of a log that is not blank, without colours and what a progress bar overwrote."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    return next((line.strip() for line in reversed(re.split(r"[\r\n]", plain)) if line.strip()), "")
