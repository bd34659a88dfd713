"""A task of CrossFit by its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deltalab.errors import UserError, member
from deltalab.task import folder
from deltalab.task.metric.crossfit import table
from deltalab.task.task import Task

__all__ = ["read"]


def read(
    name: str,
    path: str | Path,
    metric: str | None = None,
    evaluation: str = "auto",
    prefix: str | None = None,
    limit: Mapping[str, int | None] | None = None,
    shots: int | None = None,
    seed: int = 0,
) -> Task:
    """The task in the folder `name` of the gym at `path`, otherwise as `deltalab.task.folder.read`.

    Raises `UserError` for a name that CrossFit has not, or a folder that the gym lacks.
    """
    member("CrossFit task", name, table(), "task.name")
    place = Path(str(path)).expanduser() / name
    if not place.is_dir():
        raise UserError(f"task.path={path}: no folder '{name}'; what is there: python -m deltalab.task check {path}")
    return folder.read(place, name, metric, evaluation, prefix, limit, seed, shots)
