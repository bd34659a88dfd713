"""What CrossFit says of its tasks: samples, groups, official partitions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import final

__all__ = ["Collection", "collection"]


@final
@dataclass(frozen=True)
class Collection:
    """Facts by task name.

    `shots` are the rows of a sample, 16 a class or 32 in all; `seeds` those of the official samples, whose files are
    `NAME_SHOTS_SEED_train.tsv`; `groups` a few kinds of tasks; `splits` the eight official partitions, each of `train`,
    `dev` and `test` tasks (four have no `test`).
    """

    shots: Mapping[str, int]
    seeds: tuple[int, ...]
    groups: Mapping[str, tuple[str, ...]]
    splits: Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def collection() -> Collection:
    """The collection, as the project keeps it."""
    found = json.loads(files("deltalab.task.gym").joinpath("collection.json").read_text(encoding="utf-8"))
    splits = {name: {part: tuple(tasks) for part, tasks in parts.items()} for name, parts in found["splits"].items()}
    groups = {name: tuple(tasks) for name, tasks in found["groups"].items()}
    return Collection(found["shots"], tuple(found["seeds"]), groups, splits)
