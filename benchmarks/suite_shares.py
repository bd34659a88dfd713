"""How far each way of tuning gets on the suite as a whole, beside full fine-tuning and a bag of words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

__all__ = ["GAIN", "deltas_in", "shares"]

GAIN = 0.1
"""What full fine-tuning gains over the majority answer where it has learnt something to be reached."""


def deltas_in(found: Mapping[str, Any], known: Sequence[str]) -> list[str]:
    """Those of the known deltas that any task has runs of."""
    return [delta for delta in known if any(delta in task["runs"] for task in found["tasks"].values())]


def shares(found: Mapping[str, Any], deltas: Sequence[str]) -> str:
    """Three rows for the deltas, of means over seeds; each counts the tasks that have what it compares.

    Tasks above the bag of words. The score in percent of that of full fine-tuning, where the latter is above 0, mean
    over tasks. What is gained over the majority answer in percent of what full fine-tuning gains, where that is at
    least `GAIN`, mean over tasks.
    """
    tasks = list(found["tasks"].values())
    bagged = [task for task in tasks if task["bag"] is not None]
    better = [task for task in tasks if (_score(task, "full") or 0.0) > 0.0]
    taught = [task for task in better if (_score(task, "full") or 0.0) - task["majority"] >= GAIN]
    rows = {
        f"above the bag of words, of {len(bagged)} tasks": [_above(bagged, delta) for delta in deltas],
        f"of the score of full, mean of {len(better)} tasks": [_mean(better, delta, _nothing) for delta in deltas],
        f"of the gain of full, mean of {len(taught)} tasks": [_mean(taught, delta, _majority) for delta in deltas],
    }
    lines = [f"| | {' | '.join(deltas)} |", f"|---|{'---:|' * len(deltas)}"]
    return "\n".join(lines + [f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()]) + "\n"


def _score(task: Mapping[str, Any], delta: str) -> float | None:
    runs = task["runs"].get(delta)
    return fmean(run["test"] for run in runs) if runs else None


def _nothing(task: Mapping[str, Any]) -> float:
    return 0.0


def _majority(task: Mapping[str, Any]) -> float:
    return float(task["majority"])


def _above(tasks: Sequence[Mapping[str, Any]], delta: str) -> str:
    scores = [(_score(task, delta), task["bag"]) for task in tasks]
    return str(sum(score is not None and score > bag for score, bag in scores))


def _mean(tasks: Sequence[Mapping[str, Any]], delta: str, zero: Callable[[Mapping[str, Any]], float]) -> str:
    """Percent of full fine-tuning, counted from `zero` of a task; nothing where a task has no such runs."""
    found = []
    for task in tasks:
        score, full = _score(task, delta), _score(task, "full")
        if score is None or full is None:
            return ""
        found.append((score - zero(task)) / (full - zero(task)))
    return f"{100 * fmean(found):.1f}" if found else ""
