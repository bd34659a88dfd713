"""All tasks by name, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deltalab.errors import UserError, nearest
from deltalab.task.builtin.groups import GROUPS
from deltalab.task.builtin.make import RECIPES
from deltalab.task.gym.collection import collection
from deltalab.task.metric.crossfit import table as crossfit
from deltalab.task.published.table import Entry
from deltalab.task.published.table import table as published

__all__ = ["described", "listing", "option"]


def listing() -> dict[str, list[str]]:
    """Names by where they come from, as `task=` takes them, or `task.name=` of `task=crossfit`."""
    options = [option(name) for name in published()]
    return {
        "built-in (task=NAME)": [name for group in GROUPS.values() for name in group],
        "from the hub or a local copy (task=NAME)": options,
        "CrossFit (task=crossfit task.name=NAME task.path=GYM)": list(crossfit()),
        "partitions of CrossFit (task=split/NAME)": list(collection().splits),
    }


def described(name: str) -> Iterator[str]:
    """Lines about a task or partition; `UserError` for a name that is in no table."""
    tables = published()
    key = name if name in tables else {option(known): known for known in tables}.get(name)
    split = collection().splits.get(name.removeprefix("split/"))
    if key is None and split is None and name not in RECIPES and name not in crossfit():
        close = nearest(name, [one for names in listing().values() for one in names])
        hint = f"did you mean {' or '.join(close)}? " if close else ""
        raise UserError(f"show: unknown task '{name}'; {hint}all names: python -m deltalab.task list")
    if name in RECIPES:
        yield f"{name}: built-in, {RECIPES[name].metric.name}; more: python -m deltalab.task.builtin --describe {name}"
    if key is not None:
        yield from _published(key, tables[key])
    if name in crossfit():
        yield from _crossfit(name)
    if split is not None:
        yield from _partition(name, split)


def option(name: str) -> str:
    """What `task=` calls a published task: its folder is that of its group."""
    return name.replace("-", "/", 1)


def _published(name: str, entry: Entry) -> Iterator[str]:
    origin = f"{entry.dataset} {entry.config or ''}".strip()
    yield f"{name}: task={option(name)}, from {origin}, or task.path=DIR with {entry.files.folder}/{entry.files.train}"
    yield f"  text       {entry.input}"
    if entry.published:
        yield f"  published  {entry.published}"
    yield f"  labels     {', '.join(f'{number} {word}' for number, word in enumerate(entry.words)) or 'free text'}"
    yield f"  metric     {entry.metric.format(positive='1')}"
    halves = ("some rows of train", "validation") if entry.dev == "train" else ("half of validation", "the other half")
    yield f"  splits     dev: {halves[0]}; test: {halves[1]}"


def _crossfit(name: str) -> Iterator[str]:
    known = collection()
    kinds = ", ".join(group for group, tasks in known.groups.items() if name in tasks)
    yield f"{name}: task=crossfit task.name={name} task.path=GYM{f', {kinds}' if kinds else ''}"
    yield f"  metric     {crossfit()[name]}"
    seeds = ", ".join(map(str, known.seeds))
    yield f"  samples    {name}_{known.shots[name]}_SEED_train.tsv and so on, SEED of {seeds}"
    for partition, parts in known.splits.items():
        for part, tasks in parts.items():
            if name in tasks:
                yield f"  {part:<10} {partition}"


def _partition(name: str, parts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield f"{name}: task=split/{name.removeprefix('split/')}"
    for part, tasks in parts.items():
        yield f"  {part:<5} {len(tasks):>3}  {', '.join(tasks)}"
