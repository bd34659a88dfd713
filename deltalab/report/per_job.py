"""Loggers of jobs that share a run: each job's curves go where they would go if it ran apart."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any, final

from lightning.pytorch.loggers import Logger

from deltalab.report.csv_logger import CSVLogger

__all__ = ["PerJob"]


@final
class PerJob(Logger):
    """Sends a metric "KEY/JOB" to the loggers of JOB, as KEY, and any other metric to all; `loggers` are by job."""

    def __init__(self, loggers: Mapping[str, Sequence[Logger]]) -> None:
        super().__init__()
        self._loggers = dict(loggers)

    @property
    def name(self) -> str:
        """None of its own."""
        return ""

    @property
    def version(self) -> str:
        """None of its own."""
        return ""

    def log_hyperparams(self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Jobs describe themselves."""

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Each metric to the job in its name."""
        found: dict[str, dict[str, float]] = {job: {} for job in self._loggers}
        for key, value in metrics.items():
            owner = max((job for job in found if key.endswith(f"/{job}")), key=len, default=None)
            for job in found if owner is None else [owner]:
                found[job][key if owner is None else key.removesuffix(f"/{job}")] = value
        shared = {key for key in metrics if not any(key.endswith(f"/{job}") for job in found)}
        for job, own in found.items():
            if own.keys() - shared:  # nothing but an epoch is no news of this job
                for logger in self._loggers[job]:
                    logger.log_metrics(own, step)

    def keep(self, step: int, search: bool = False) -> None:
        """As every logger with a table does."""
        for logger in self._all():
            if isinstance(logger, CSVLogger):
                logger.keep(step, search)

    def save(self) -> None:
        """Every logger."""
        for logger in self._all():
            logger.save()

    def finalize(self, status: str) -> None:
        """Every logger."""
        for logger in self._all():
            logger.finalize(status)

    def _all(self) -> list[Logger]:
        return [logger for loggers in self._loggers.values() for logger in loggers]
