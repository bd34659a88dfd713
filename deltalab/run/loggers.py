"""What a run tells its loggers before it starts, and how it leaves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import wandb
from lightning.pytorch.loggers import Logger, WandbLogger
from omegaconf import DictConfig

from deltalab.backbone.backbone import Backbone
from deltalab.run.build import plain

__all__ = ["describe", "loggers_closed", "wandb_closed"]


@contextmanager
def wandb_closed() -> Iterator[None]:
    """Finish the W&B run at the end, as failed where an exception ends it."""
    code = 1
    try:
        yield
        code = 0
    finally:
        if wandb.run is not None:
            wandb.finish(exit_code=code)


@contextmanager
def loggers_closed(loggers: Sequence[Logger]) -> Iterator[None]:
    """Finish the W&B runs of these loggers at the end, as failed where an exception ends them."""
    code = 1
    try:
        yield
        code = 0
    finally:
        for logger in loggers:
            if isinstance(logger, WandbLogger):
                logger.experiment.finish(exit_code=code)


def describe(loggers: Sequence[Logger], config: DictConfig, backbone: Backbone, counts: Mapping[str, float]) -> None:
    """The config and the counts of parameters to every logger."""
    settings = plain(config)
    for logger in loggers:
        logger.log_hyperparams({"config": settings, "backbone_parameters": backbone.num_parameters})
        logger.log_metrics(dict(counts), 0)
