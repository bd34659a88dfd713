"""Which jobs of a sweep can share one packed run, and what such a run is told of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, final

from deltalab.atomic import write_json
from deltalab.errors import UserError
from deltalab.run.build import whole
from deltalab.sweep.job import Job

__all__ = ["MEMBERS", "Member", "alike", "most", "read_members", "units", "write_members"]

MEMBERS = "members.json"
_TUNE = "deltalab.run.tune.tune"
_FREE = ("name", "seed", "delta", "logger", "optimizer.lr", "recipe.lr")
"""What jobs of one pack may differ in, with what follows from it; a learning rate is read from `optimizer.lr` alone."""

_LIMITS = ("limit_val_batches", "limit_test_batches")
"""Evaluation batches of a pack hold fewer rows, so that a number of them is not the same rows."""


@final
@dataclass(frozen=True)
class Member:
    """A job of a packed run: its folder, its option of `delta`, its resolved config and what it would be asked for."""

    folder: str
    delta: str
    config: dict[str, Any]
    overrides: list[str]


def most(value: Any) -> int:  # noqa: ANN401
    """The most jobs of one run that `sweep.pack` allows: 1 for false, 0 (no end) for true; else a number from 2 on."""
    return int(not value) if isinstance(value, bool) else whole(value, "sweep.pack", least=2)


def alike(settings: Mapping[str, Any]) -> str | None:
    """A hash that jobs have in common which can be packed, from resolved settings; None for a job that cannot be."""
    packed, trainer = settings.get("pack") or {}, settings.get("trainer") or {}
    limited = any(trainer.get(key, 1.0) != 1.0 for key in _LIMITS)
    if settings.get("run") != _TUNE or settings.get("resume") is not None or any(packed.values()) or limited:
        return None
    rest = json.loads(json.dumps(settings, default=str))
    for key in _FREE:
        *groups, last = key.split(".")
        node = rest
        for group in groups:
            node = node.get(group) or {}
        node.pop(last, None)
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def units(jobs: Sequence[Job], keys: Mapping[str, str | None], size: int) -> list[list[Job]]:
    """Jobs with one key of `alike` together, `size` at most (0: all); the others apart, all in order of the first."""
    packs: dict[str, list[Job]] = {}
    for job in jobs:
        packs.setdefault(keys.get(job.key) or job.key, []).append(job)
    return [
        pack[at : at + (size or len(pack))] for pack in packs.values() for at in range(0, len(pack), size or len(pack))
    ]


def write_members(folder: Path, members: Sequence[Member]) -> Path:
    """Leave what a packed run is told in its folder; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / MEMBERS, {"members": [asdict(member) for member in members]})
    return folder / MEMBERS


def read_members(path: Path) -> list[Member]:
    """What `write_members` left; raises `UserError` where there is no such thing."""
    try:
        return [Member(**entry) for entry in json.loads(path.read_text())["members"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"sweep.members={path}: is no list of a sweep's jobs ({type(error).__name__}: {error})"
        ) from error
