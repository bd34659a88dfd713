"""One JSON record for each run: the only source of tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from deltalab.backbone.backbone import Backbone
from deltalab.packed.job import Job, Progress
from deltalab.report.environment import chip, peak_memory_mb, revision, used, versions
from deltalab.task.metric.score import Score
from deltalab.task.task import Task

__all__ = ["FORMAT", "envelope", "job_entry", "majority", "task_entry", "tuning_record"]

FORMAT = 1


def job_entry(job: Job, progress: Progress, backbone: Backbone) -> dict[str, Any]:
    """What one job did: its settings, counted parameters, dev and test scores as fractions."""
    return {
        "name": job.name,
        "delta": job.delta.name,
        "seed": job.seed,
        "theta0_seed": job.origin,
        "lr": job.lr,
        "parameters": job.delta.size,
        "share_of_backbone": job.delta.size / backbone.num_parameters,
        "units": len(job.delta.units),
        "best_step": progress.best_step if job.delta.size else None,
        "ended": progress.ended or "finished",
        "dev": _score(progress.dev),
        "test": _score(progress.test),
    }


def tuning_record(
    config: Mapping[str, Any], task: Task, backbone: Backbone, entries: Sequence[Mapping[str, Any]], seconds: float
) -> dict[str, Any]:
    """The record of a tuning run; `score` is the test metric, averaged over the jobs that were tuned."""
    tuned = [entry for entry in entries if entry["parameters"]] or list(entries)
    return {
        "format": FORMAT,
        "stage": "tune",
        "score": fmean(entry["test"]["value"] for entry in tuned),
        "metric": task.metric.name,
        "majority": majority(task),
        "task": task_entry(task),
        "jobs": list(entries),
        **envelope(config, backbone, seconds),
    }


def task_entry(task: Task) -> dict[str, Any]:
    """Which task, which rows of it."""
    return {
        "name": task.name,
        "fingerprint": task.fingerprint,
        "evaluation": task.evaluation,
        "rows": {split: len(task.split(split)) for split in ("train", "dev", "test")},
    }


def majority(task: Task) -> float:
    """The test score of always giving the commonest answer."""
    return task.score("test", dict.fromkeys(range(len(task.test)), task.majority())).value


def envelope(config: Mapping[str, Any], backbone: Backbone, seconds: float) -> dict[str, Any]:
    """What every record ends with: where, with what and how long."""
    return {
        "backbone": {
            "source": backbone.source,
            "family": backbone.family.name,
            "weights": backbone.weight_hash,
            "parameters": backbone.num_parameters,
            "dtype": str(backbone.dtype).removeprefix("torch."),
        },
        "seconds": round(seconds, 2),
        "peak_memory_mb": round(peak_memory_mb(used()), 1),
        "chip": chip(used()),
        "versions": versions(),
        "revision": revision(),
        "config": config,
    }


def _score(score: Score | None) -> dict[str, Any] | None:
    return None if score is None else {"value": score.value, **score.details}
