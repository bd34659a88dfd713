"""W&B without prompts: online when logged in, offline otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from netrc import NetrcParseError, netrc
from typing import Any

from lightning.pytorch.loggers import Logger, WandbLogger
from matplotlib.figure import Figure

from deltalab.errors import unknown
from deltalab.report.picture.canvas import pixels

__all__ = ["log_pictures", "log_results", "wandb_logger"]

_MODES = ("auto", "online", "offline", "disabled")


def wandb_logger(
    project: str, save_dir: str, name: str | None = None, group: str | None = None, mode: str = "auto"
) -> WandbLogger:
    """A W&B logger that never asks anything; `mode` "auto" follows WANDB_MODE, else goes online with a stored key."""
    if mode not in _MODES:
        raise unknown("mode", mode, _MODES, "logger.wandb.mode")
    if mode == "auto":
        mode = os.environ.get("WANDB_MODE") or ("online" if _logged_in() else "offline")
    os.environ.setdefault("WANDB_SILENT", "true")
    logger = WandbLogger(project=project, save_dir=save_dir, name=name, group=group, mode=mode)
    logger._wandb_init.pop("anonymous", None)  # Lightning's None makes W&B warn that it has no effect
    return logger


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


def _logged_in() -> bool:
    """Whether a key lies in the environment or in the netrc file, where `wandb login` puts it."""
    if os.environ.get("WANDB_API_KEY"):
        return True
    host = os.environ.get("WANDB_BASE_URL", "https://api.wandb.ai").split("//")[-1].strip("/")
    try:
        return netrc(os.environ.get("NETRC")).authenticators(host) is not None
    except (OSError, NetrcParseError):
        return False
