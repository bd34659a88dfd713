"""What a run tells its loggers before it starts, and how it leaves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import wandb
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from lightning.pytorch.loggers import Logger, WandbLogger
from omegaconf import DictConfig, OmegaConf

from deltalab.backbone.backbone import Backbone
from deltalab.report.searchable import searchable
from deltalab.run.build import plain
from deltalab.run.preempt import Preempted

__all__ = ["describe", "group", "loggers_closed", "wandb_closed"]


@contextmanager
def wandb_closed() -> Iterator[None]:
    """Finish the W&B run at the end, as failed where an exception ends it, or as one that is to go on."""
    code = 1
    try:
        yield
        code = 0
    except Preempted:
        if wandb.run is not None:
            wandb.run.mark_preempting()
        raise
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


def describe(
    loggers: Sequence[Logger],
    config: DictConfig,
    backbone: Backbone,
    counts: Mapping[str, float],
    delta: str | None = None,
) -> None:
    """The config and the counts of parameters to every logger, to W&B flat; `delta` is its option, if not Hydra's."""
    settings, size = plain(config), {"backbone_parameters": backbone.num_parameters}
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            logger.log_hyperparams({**searchable(settings, delta or _delta(config)), **size})
        else:
            logger.log_hyperparams({"config": settings, **size})
        logger.log_metrics(dict(counts), 0)


def group(config: DictConfig) -> str | None:
    """What the runs of a sweep have in common: `sweep.name`, or the name of its folder; None for a run of its own."""
    name = OmegaConf.select(config, "sweep.name")
    if name is None and HydraConfig.initialized() and HydraConfig.get().mode == RunMode.MULTIRUN:
        name = Path(str(HydraConfig.get().sweep.dir)).name
    return None if name is None else str(name)


def _delta(config: DictConfig) -> str | None:
    """The one delta of a run, None where there are several or none."""
    several = OmegaConf.select(config, "pack.delta") is not None or OmegaConf.select(config, "subspace.dim") is not None
    return None if several or not HydraConfig.initialized() else str(HydraConfig.get().runtime.choices.get("delta"))
