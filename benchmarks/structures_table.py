"""What the runs of `benchmarks.structures` found, in one small file and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from statistics import fmean
from typing import Any

from benchmarks.cells import mean_of_tasks, over_seeds

__all__ = ["entry", "gathered", "markdown", "over_random", "transfer"]

FORMAT = 1
_KEYS = ("task", "budget", "space", "choice", "source", "draw", "seed")
_SAME = ("metric", "fingerprint", "steps", "batch_size")
_BASELINES = ("full", "all", "random", "uniform", "sensitivity", "magnitude")
"""Choices that need no search; any other is one, whatever it was called."""

Entry = Mapping[str, Any]


def entry(record: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a table needs of a record; of several jobs, as of several learning rates, the best on dev counts."""
    best = max(record["jobs"], key=lambda job: job["dev"]["value"])
    kept = {key: best[key] for key in ("lr", "parameters")} | {key: best[key]["value"] for key in ("dev", "test")}
    made = {key: record[key] for key in ("metric", "majority", "seconds", "chip", "versions", "revision")}
    of_task = {"fingerprint": record["task"]["fingerprint"], "steps": record["config"]["trainer"]["max_steps"]}
    return {**facts, **kept, **made, **of_task, "batch_size": record["config"]["data"]["batch_size"]}


def gathered(entries: Iterable[Entry], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Entries by what they are of; `before` is an older file to add to.

    Raises `ValueError` where runs of one task had other rows or were trained for other steps.
    """
    found = {_key(one): one for one in deepcopy((before or {}).get("runs", []))}
    found |= {_key(one): dict(one) for one in entries}
    alike: dict[str, tuple[Any, ...]] = {}
    for one in found.values():
        known = tuple(one[key] for key in _SAME)
        if alike.setdefault(one["task"], known) != known:
            raise ValueError(f"{one['task']}: runs of different rows, steps or batch sizes do not go into one table")
    return {"format": FORMAT, "runs": [found[key] for key in sorted(found, key=str)]}


def markdown(found: Mapping[str, Any]) -> str:
    """Test scores in percent, mean and standard deviation over seeds, or over random structures, for each task.

    Numbers are the most that any of the runs trained; the last column is the mean over all tasks.
    """
    runs = [run for run in found["runs"] if run["source"] is None]
    tasks = _tasks(runs)
    lines = [
        f"| budget | space | choice | numbers | {' | '.join(tasks)} | mean |",
        f"|---|---|---|---:|{'---:|' * (len(tasks) + 1)}",
    ]
    majority = {task: [next(run["majority"] for run in runs if run["task"] == task)] for task in tasks}
    lines.append(_row(["", "", "majority", ""], majority))
    for kind in dict.fromkeys((run["budget"], run["space"], run["choice"]) for run in _ordered(runs)):
        alike = [run for run in runs if (run["budget"], run["space"], run["choice"]) == kind]
        most = f"{max(run['parameters'] for run in alike):,}"
        lines.append(_row([*(one or "" for one in kind), most], {task: _scores(alike, task) for task in tasks}))
    return "\n".join(lines) + "\n"


def over_random(found: Mapping[str, Any]) -> str:
    """On how many tasks each search beats the mean of random structures, and what it has of full fine-tuning.

    The share is the mean over tasks, and the least of them, in percent.
    """
    runs = [run for run in found["runs"] if run["source"] is None]
    lines = [
        "| budget | space | choice | random structures | beats their mean | of full, mean | of full, least |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    full = _of(runs, None, None, "full")
    searched = [run for run in _ordered(runs) if run["choice"] not in _BASELINES]
    for budget, space, called in dict.fromkeys((run["budget"], run["space"], run["choice"]) for run in searched):
        mine, theirs = (_of(runs, budget, space, choice) for choice in (called, "random"))
        cells = [budget, space, called, *_against(mine, theirs), *_shares(mine, full)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def transfer(found: Mapping[str, Any], budget: str, space: str, called: str = "search") -> str:
    """Test scores in percent of structures found on the tasks of the rows, trained on those of the columns.

    On the diagonal, those of the task itself; below, the average of all of them, and the mean of random structures.
    """
    runs = [run for run in found["runs"] if (run["budget"], run["space"]) == (budget, space)]
    searched = [run for run in runs if run["choice"] == called]
    tasks = _tasks(searched)
    lines = [f"| {budget} {space} | {' | '.join(tasks)} | mean |", f"|---|{'---:|' * (len(tasks) + 1)}"]
    for source in [*tasks, "average"]:
        taken = [run for run in searched if (run["source"] or run["task"]) == source]
        lines.append(_row([source], {task: _scores(taken, task) for task in tasks}))
    drawn = [run for run in runs if run["choice"] == "random"]
    lines.append(_row(["random"], {task: _scores(drawn, task) for task in tasks}))
    return "\n".join(lines) + "\n"


def _against(mine: Sequence[Entry], random: Sequence[Entry]) -> list[str]:
    """How many random structures there are of each task at least, and where the search beats their mean."""
    both = [task for task in _tasks(mine) if _scores(random, task)]
    won = sum(fmean(_scores(mine, task)) > fmean(_scores(random, task)) for task in both)
    drawn = min((len(_scores(random, task)) for task in both), default=None)
    return [str(drawn or "none"), f"on {won} of {len(both)} tasks"]


def _shares(mine: Sequence[Entry], full: Sequence[Entry]) -> list[str]:
    """What the search has of full fine-tuning in percent, the mean over tasks and the least; empty where none is."""
    whole = {task: fmean(_scores(full, task)) for task in _tasks(full)}
    shares = [100 * fmean(_scores(mine, task)) / whole[task] for task in _tasks(mine) if whole.get(task, 0) > 0]
    return [f"{fmean(shares):.1f}", f"{min(shares):.1f}"] if shares else ["", ""]


def _key(one: Entry) -> tuple[Any, ...]:
    return tuple(one[key] for key in _KEYS)


def _of(runs: Sequence[Entry], budget: str | None, space: str | None, choice: str) -> list[Entry]:
    return [run for run in runs if (run["budget"], run["space"], run["choice"]) == (budget, space, choice)]


def _tasks(runs: Sequence[Entry]) -> list[str]:
    return sorted({run["task"] for run in runs})


def _ordered(runs: Sequence[Entry]) -> list[Entry]:
    """Full fine-tuning first, then by size of the budget; searches first in each space, spaces with one first."""
    most: dict[str | None, int] = {}
    for run in runs:
        most[run["budget"]] = max(most.get(run["budget"], 0), run["parameters"])
    searched = {run["space"] for run in runs if run["choice"] == "search"}
    return sorted(
        runs,
        key=lambda run: (
            run["budget"] is not None,
            most[run["budget"]],
            run["space"] not in searched,
            str(run["space"]),
            run["choice"] in _BASELINES,
            run["choice"],
        ),
    )


def _scores(runs: Sequence[Entry], task: str) -> list[float]:
    return [run["test"] for run in runs if run["task"] == task]


def _row(head: Sequence[str], scores: Mapping[str, Sequence[float]]) -> str:
    cells = [over_seeds(one) for one in scores.values()]
    return f"| {' | '.join([*head, *cells, mean_of_tasks(scores.values())])} |"
