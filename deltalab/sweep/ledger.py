"""The file in a sweep's folder that tells what has become of each job; one process at a time writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, final

from deltalab.atomic import atomic
from deltalab.errors import UserError
from deltalab.sweep.job import STATES, Job

__all__ = ["LEDGER", "Ledger"]

LEDGER = "sweep.json"
FORMAT = 1
_TYPES = {"key": str, "folder": str, "overrides": list, "tries": int, "reason": str}


@final
class Ledger:
    """The jobs of the sweep in `folder`, in the order in which they were asked for."""

    def __init__(self, folder: Path, jobs: list[Job] | None = None) -> None:
        self.folder, self.jobs = folder, jobs or []

    @classmethod
    def read(cls, folder: Path) -> Ledger:
        """What the file tells, no jobs where there is none; raises `UserError` for a damaged file."""
        path = folder / LEDGER
        try:
            content = json.loads(path.read_text())
            if content["format"] != FORMAT:
                raise UserError(f"{path}: has format {content['format']}, this version reads {FORMAT}")
            jobs = [_job(entry, folder) for entry in content["jobs"]]
        except FileNotFoundError:
            return cls(folder)
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path}: is no list of a sweep's jobs ({type(error).__name__}: {error})") from error
        return cls(folder, jobs)

    def save(self) -> None:
        """Write the file, whole or not at all; raises `UserError` where that cannot be done."""
        path, jobs = self.folder / LEDGER, [asdict(job) for job in self.jobs]
        try:
            with atomic(path) as part:
                part.write_text(json.dumps({"format": FORMAT, "jobs": jobs}, indent=1) + "\n")
        except OSError as error:
            raise UserError(f"{path}: cannot be written ({error.strerror})") from error

    def find(self, key: str) -> Job | None:
        """The job of these settings."""
        return next((job for job in self.jobs if job.key == key), None)

    def leave(self) -> None:
        """Before a sweep starts: what earlier ones did not finish is none of it, until it is asked for."""
        for job in self.jobs:
            if job.state != "done":
                job.state = "left"

    def place(self, job: Job) -> Path:
        """The folder of a job."""
        return self.folder / job.folder


def _job(entry: Mapping[str, Any], folder: Path) -> Job:
    job = Job(**entry)
    for name, kind in _TYPES.items():
        if not isinstance(getattr(job, name), kind):
            raise TypeError(f"{name} is {getattr(job, name)!r}")
    if job.state not in STATES:
        raise ValueError(f"state is {job.state!r}")
    if not (folder / job.folder).resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"folder {job.folder!r} is outside")
    return job
