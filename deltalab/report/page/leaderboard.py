"""The leaderboard: each method on each task, as the mean and spread over its seeds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import final

from deltalab.report.best import best_on_dev
from deltalab.report.page.result import Result, results
from deltalab.report.page.run import Run

__all__ = ["Row", "leaderboard"]


@final
@dataclass(frozen=True)
class Row:
    """One method with one setting on one task: of each seed the job with the best dev score."""

    kept: Sequence[Result]

    @property
    def first(self) -> Result:
        """The result that stands for what all have in common."""
        return self.kept[0]

    @property
    def task(self) -> str:
        """The name of the task."""
        return str(self.first.run.record["task"]["name"])

    @property
    def fingerprint(self) -> str:
        """The beginning of the hash of the task's rows."""
        return str(self.first.run.record["task"]["fingerprint"])[:6]

    @property
    def metric(self) -> str:
        """The name of the metric."""
        return str(self.first.run.record["metric"])

    @property
    def backbone(self) -> str:
        """Where its backbone came from, and the beginning of the hash of its weights."""
        found = self.first.run.record["backbone"]
        return f"{found['source']} {found['weights'][:6]}"

    @property
    def majority(self) -> float:
        """What always giving the commonest answer scores, as a fraction."""
        return float(self.first.run.record["majority"])

    @property
    def mean(self) -> float:
        """The mean test score over seeds, as a fraction."""
        return fmean(result.test for result in self.kept)

    @property
    def deviation(self) -> float | None:
        """The sample standard deviation over seeds, as a fraction; None for a single seed."""
        return stdev([result.test for result in self.kept]) if len(self.kept) > 1 else None

    @property
    def dev(self) -> float | None:
        """The mean dev score over the seeds that have one, as a fraction."""
        known = [result.dev for result in self.kept if result.dev is not None]
        return fmean(known) if known else None

    @property
    def parameters(self) -> float:
        """How many numbers were trained, in the mean: structures of several seeds differ in size."""
        return fmean(result.parameters for result in self.kept)

    @property
    def ppm(self) -> float:
        """Their share of the backbone's parameters in parts per million, in the mean."""
        return fmean(result.ppm for result in self.kept)

    @property
    def runs(self) -> list[Run]:
        """The runs that these jobs were in, each once."""
        return list({result.run.path: result.run for result in self.kept}.values())

    @property
    def seconds(self) -> float:
        """How long a run of these took, in the mean; all jobs of a run share its time."""
        return fmean(run.record["seconds"] for run in self.runs)

    @property
    def jobs(self) -> int:
        """The most jobs that shared one of these runs."""
        return max(len(run.record["jobs"]) for run in self.runs)


def leaderboard(runs: Iterable[Run]) -> list[Row]:
    """Tasks by name and rows, in each the best mean first; no means of different settings, rows or metrics."""
    alike: dict[tuple[str, str, str, str], list[Result]] = {}
    for run in runs:
        for result in results(run):
            task = run.record["task"]
            place = (task["name"], task["fingerprint"], run.record["metric"], result.method + result.setting)
            alike.setdefault(place, []).append(result)
    rows = [Row(_by_seed(same)) for same in alike.values()]
    return sorted(rows, key=lambda row: (row.task, row.fingerprint, row.metric, math.isnan(row.mean), -row.mean))


def _by_seed(same: Iterable[Result]) -> list[Result]:
    """The best of each seed, in their order."""
    best = best_on_dev(same, alike=lambda result: result.seed, dev=lambda result: result.dev)
    return sorted(best, key=lambda result: result.seed)
