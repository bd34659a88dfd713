"""W&B without prompts: online when logged in, offline otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import Logger, WandbLogger
from matplotlib.figure import Figure

from deltalab.errors import one_of
from deltalab.report.picture.canvas import pixels

__all__ = ["assign", "log_pictures", "log_results", "wandb_logger"]

_MODES = ("auto", "online", "offline", "disabled")


def wandb_logger(
    project: str,
    save_dir: str,
    name: str | None = None,
    group: str | None = None,
    mode: str = "auto",
    job_type: str | None = None,
) -> WandbLogger:
    """A W&B logger that never asks anything; `mode` "auto" follows WANDB_MODE, else goes online with a stored key.

    A run that has been in this folder before goes on under its id.
    """
    one_of("mode", mode, _MODES, "logger.wandb.mode")
    if mode == "auto":
        mode = os.environ.get("WANDB_MODE") or ("online" if _logged_in() else "offline")
    os.environ.setdefault("WANDB_SILENT", "true")
    logger = WandbLogger(
        project=project, save_dir=save_dir, name=name, group=group, mode=mode, job_type=job_type, id=_known(save_dir)
    )
    logger._wandb_init.pop("anonymous", None)  # Lightning's None makes W&B warn that it has no effect
    return logger


def assign(loggers: Iterable[Logger], job_type: str, group: str | None) -> None:
    """Give W&B the type and the group of a run where its own settings have none."""
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            for key, value in (("job_type", job_type), ("group", group)):
                if logger._wandb_init.get(key) is None:
                    logger._wandb_init[key] = value


def log_results(loggers: Iterable[Logger], record: Mapping[str, Any], step: int) -> None:
    """The record's score to every logger, its table of jobs to W&B."""
    columns = ["job", "dev", "test", "parameters", "share_of_backbone", "best_step"]
    rows = [
        [job["name"], (job["dev"] or {}).get("value"), job["test"]["value"], *(job[column] for column in columns[3:])]
        for job in record["jobs"]
    ]
    for logger in loggers:
        logger.log_metrics({"score": record["score"], "majority": record["majority"]}, step)
        if isinstance(logger, WandbLogger):
            logger.log_table("results", columns=columns, data=rows, step=step)
        logger.save()  # the trainer, done by now, would not


def log_pictures(loggers: Iterable[Logger], figures: Mapping[str, Figure], step: int) -> None:
    """Each figure to W&B as an image below "pictures/"; other loggers take none."""
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            for name, figure in figures.items():
                logger.log_image(f"pictures/{name}", [pixels(figure)], step)


def _known(folder: str) -> str | None:
    """The id of the last W&B run in a folder; its own folder's name ends with it."""
    found = sorted((Path(folder) / "wandb").glob("*run-*-*"), key=lambda path: path.stat().st_mtime)
    return found[-1].name.rpartition("-")[2] if found else None


def _logged_in() -> bool:
    """Whether a key lies in the environment or in the netrc file, where `wandb login` puts it."""
    if os.environ.get("WANDB_API_KEY"):
        return True
    host = os.environ.get("WANDB_BASE_URL", "https://api.wandb.ai").split("//")[-1].strip("/")
    try:
        return netrc(os.environ.get("NETRC")).authenticators(host) is not None
    except (OSError, NetrcParseError):
        return False
