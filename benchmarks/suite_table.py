"""What the runs of the suite found, in one small file and as one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from benchmarks.cells import mean_of_tasks, over_seeds
from deltalab.task.builtin.bag import bag_of_words
from deltalab.task.builtin.make import make
from deltalab.task.folder import read

__all__ = ["gathered", "markdown"]

FORMAT = 1
_COMMON = ("chip", "versions", "revision")


def gathered(records: Iterable[Mapping[str, Any]], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Test scores by task, delta and seed, beside what each run was; `before` is an older one to add to.

    The bag of words is scored once a task, on the very rows of its runs. Raises `ValueError` where one task has runs on
    different rows or with different numbers of steps.
    """
    tasks: dict[str, Any] = deepcopy(dict((before or {}).get("tasks", {})))
    for record in records:
        name, trained = record["task"]["name"], record["config"]["trainer"]["max_steps"]
        known = {"metric": record["metric"], "fingerprint": record["task"]["fingerprint"], "steps": trained}
        known["batch_size"] = record["config"]["data"]["batch_size"]
        if name not in tasks:
            tasks[name] = {**known, "majority": record["majority"], "bag": _bag(record), "runs": {}}
        one = tasks[name]
        if any(one[key] != value for key, value in known.items()):
            raise ValueError(f"{name}: runs of different rows, steps or batch sizes do not go into one table")
        for job in record["jobs"]:
            kept = {"seed": job["seed"], "lr": job["lr"], "test": job["test"]["value"]}
            runs = [run for run in one["runs"].get(job["delta"], []) if run["seed"] != kept["seed"]]
            one["runs"][job["delta"]] = sorted([*runs, kept], key=lambda run: run["seed"])
        one["made"] = {key: record[key] for key in _COMMON}
    return {"format": FORMAT, "tasks": dict(sorted(tasks.items()))}


def markdown(found: Mapping[str, Any], deltas: Sequence[str]) -> str:
    """Test scores in percent, mean and standard deviation over seeds; the last row is the mean over the tasks."""
    tasks = found["tasks"]
    lines = [
        f"| task | metric | majority | bag of words | {' | '.join(deltas)} |",
        f"|---|---|---:|---:|{'---:|' * len(deltas)}",
    ]
    for name, task in tasks.items():
        blind = [_percent(task["majority"]), "" if task["bag"] is None else _percent(task["bag"])]
        cells = [over_seeds(_scores(task, delta)) for delta in deltas]
        lines.append(f"| {name} | {task['metric']} | {' | '.join([*blind, *cells])} |")
    means = [mean_of_tasks([_scores(task, delta) for task in tasks.values()]) for delta in deltas]
    lines.append(f"| mean of {len(tasks)} tasks | | | | {' | '.join(means)} |")
    return "\n".join(lines) + "\n"


def _bag(record: Mapping[str, Any]) -> float | None:
    settings = {key: value for key, value in record["config"]["task"].items() if key != "_target_"}
    return bag_of_words(make(**settings) if "sizes" in settings else read(**settings))


def _scores(task: Mapping[str, Any], delta: str) -> list[float]:
    return [run["test"] for run in task["runs"].get(delta, [])]


def _percent(score: float) -> str:
    return f"{100 * score:.1f}"
