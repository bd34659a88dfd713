"""What one process of a sweep does: a job, or several packed in one run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from deltalab.sweep.job import Job

__all__ = ["Unit", "folder"]

Unit = Sequence[Job]


def folder(unit: Unit) -> str:
    """Where a unit runs, below the folder of its sweep: in that of its job, or in one of its own for these jobs."""
    if len(unit) == 1:
        return unit[0].folder
    return f"packs/{hashlib.sha256(' '.join(job.key for job in unit).encode()).hexdigest()[:8]}"
