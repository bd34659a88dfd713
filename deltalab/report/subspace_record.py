"""Records of the two subspace stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from deltalab.backbone.backbone import Backbone
from deltalab.report.record import FORMAT, envelope, majority, task_entry
from deltalab.report.relative import relative
from deltalab.task.metric.score import Score
from deltalab.task.task import Task

__all__ = ["approximation_record", "optimization_record", "solved_entry"]


def solved_entry(task: Task, scores: Mapping[tuple[str, str], Score], original: Mapping[str, float]) -> dict[str, Any]:
    """One task of an approximation: test scores of every method at every point, and E_orig of every method."""
    points: dict[str, dict[str, float]] = {}
    for (method, point), score in scores.items():
        points.setdefault(method, {})[point] = score.value
    return {
        **task_entry(task),
        "metric": task.metric.name,
        "majority": majority(task),
        "points": points,
        "e_orig": dict(original),
    }


def approximation_record(
    config: Mapping[str, Any],
    backbone: Backbone,
    methods: Mapping[str, int],
    dim: int,
    tasks: Sequence[Mapping[str, Any]],
    found: Mapping[str, Any],
    seconds: float,
) -> dict[str, Any]:
    """The record of an approximation; `methods` with their numbers D, `found` holds best step, history, landscape.

    `score` is the mean test score over tasks, methods and points.
    """
    scores = [value for task in tasks for points in task["points"].values() for value in points.values()]
    return {
        "format": FORMAT,
        "stage": "approximate",
        "score": fmean(scores),
        "dim": dim,
        "methods": list(methods),
        "sizes": dict(methods),
        "tasks": list(tasks),
        **found,
        **envelope(config, backbone, seconds),
    }


def optimization_record(
    config: Mapping[str, Any],
    backbone: Backbone,
    task: Task,
    dim: int,
    original: tuple[Mapping[str, float], float | None],
    jobs: Sequence[Mapping[str, Any]],
    seconds: float,
) -> dict[str, Any]:
    """The record of an optimization: E_sub and E_rel by source and target method.

    `original` holds E_orig by method, and the score of full fine-tuning where it was asked for.

    Each job holds `source`, `seed`, `lr`, its `dev` score and its `test` scores by target. Of the jobs of one source
    and seed the one with the best dev score counts; E_sub is the mean of these over seeds. `score` is the mean of E_sub
    over the sources' own methods.
    """
    e_orig, e_full = original
    chosen = _chosen(jobs)
    e_sub: dict[str, dict[str, float]] = {}
    for source in dict.fromkeys(job["source"] for job in chosen):
        mine = [job["test"] for job in chosen if job["source"] == source]
        e_sub[source] = {target: fmean(test[target] for test in mine) for target in mine[0]}
    e_rel = {s: {t: relative(value, e_orig[t]) for t, value in row.items()} for s, row in e_sub.items()}
    return {
        "format": FORMAT,
        "stage": "optimize",
        "score": fmean(row[source] for source, row in e_sub.items()),
        "metric": task.metric.name,
        "majority": majority(task),
        "task": task_entry(task),
        "dim": dim,
        "methods": list(e_orig),
        "e_orig": dict(e_orig),
        "e_full": e_full,
        "e_sub": e_sub,
        "e_rel": e_rel,
        "jobs": list(jobs),
        **envelope(config, backbone, seconds),
    }


def _chosen(jobs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of each source and seed the job with the best dev score, the earliest of equal ones."""
    best: dict[tuple[str, int], Mapping[str, Any]] = {}
    for job in jobs:
        key = job["source"], job["seed"]
        if job["dev"] is not None and (key not in best or job["dev"] > best[key]["dev"]):
            best[key] = job
    return list(best.values())
