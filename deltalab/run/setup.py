"""What every stage does first: refuse what cannot work, then a trainer and an optimiser from the config."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

import torch
from hydra.core.hydra_config import HydraConfig
from lightning import Trainer, seed_everything
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import Checkpoint, ProgressBar
from lightning.pytorch.loggers import Logger
from omegaconf import DictConfig, OmegaConf

from deltalab.errors import UserError, unknown
from deltalab.report.logger import assign
from deltalab.report.searchable import stage
from deltalab.run.build import build
from deltalab.run.checkpoints import Checkpoints
from deltalab.run.finished import refuse_other
from deltalab.run.loggers import group
from deltalab.run.memory import keep_freed
from deltalab.run.naming import refuse_name
from deltalab.run.overrides import overridden
from deltalab.run.pack import seed_of
from deltalab.run.precision import refuse_precision, scaled
from deltalab.run.quiet import quiet
from deltalab.run.resume import refuse_checkpoint
from deltalab.run.strategy import refuse_strategy
from deltalab.run.unused import refuse_twice

__all__ = ["COMMON", "begin", "make_loggers", "make_optimizer", "make_trainer"]

COMMON = (
    "run",
    "name",
    "output_dir",
    "seed",
    "theta0_seed",
    "resume",
    "allow",
    "recipe",
    "pack",
    "stack",
    "data",
    "backbone",
    "task",
    "delta",
    "stage",
    "optimizer",
    "trainer",
    "logger",
    "callbacks",
    "store",
    "sweep",
)
"""Keys that every program has."""

_TRAIN = (*COMMON, "solution", "needs", "subspace")
_ABOVE_ZERO = (
    "accumulate_grad_batches",
    "val_check_interval",
    "limit_train_batches",
    "limit_val_batches",
    "limit_test_batches",
)

_ENABLED = {"enable_progress_bar": ProgressBar, "enable_checkpointing": Checkpoint}


def begin(
    config: DictConfig, unused: Iterable[str] = (), known: Collection[str] = _TRAIN, program: str = "train"
) -> None:
    """Refuse what is no setting of the program, or none of this stage (`unused`); then seed everything."""
    quiet()
    keep_freed()
    for key in config:
        if str(key) not in known:
            raise unknown("key", key, known, program)
    given = overridden(*unused)
    if given:
        raise UserError(f"{given[0]}: stage={HydraConfig.get().runtime.choices['stage']} does not use it")
    shared = () if stage(config) == "together" else ("sweep.members",)  # a pack of a sweep reads its jobs there
    for word in overridden("sweep.jobs", "sweep.retry", "sweep.pack", *shared):
        raise UserError(f"{word}: for `python {program}.py -m` with hydra/launcher=children; nothing else uses it")
    refuse_twice()
    if config.name is not None:  # that of a group that is missing yet, which is told below
        refuse_name(config.name)
    refuse_checkpoint(config)
    refuse_other(config)
    seed_everything(seed_of(config.seed, "seed"), verbose=False)


def make_trainer(config: DictConfig) -> Trainer:
    """The trainer with its loggers and callbacks; without one that draws a bar or keeps checkpoints there are none."""
    loggers, callbacks = make_loggers(config), _members(config, "callbacks")
    refuse_strategy(config)
    kinds = {key: kind for key, kind in _ENABLED.items() if key not in config.trainer}
    enabled = {key: any(isinstance(one, kind) for one in callbacks) for key, kind in kinds.items()}
    make = build(config, "trainer", late=("logger", "callbacks", *enabled))
    _refuse_trainer(config)
    try:
        trainer: Trainer = make(logger=loggers or False, callbacks=callbacks, **enabled)
    except (MisconfigurationException, TypeError, ValueError) as error:
        raise UserError(f"trainer: {error}") from error
    trainer.strategy.checkpoint_io = Checkpoints()
    return trainer


def make_loggers(config: DictConfig, sweep: str | None = None) -> list[Logger]:
    """The loggers that the config names; W&B is told the stage, and the sweep that the run is part of."""
    loggers = _members(config, "logger")
    assign(loggers, stage(config), sweep or group(config))
    return loggers


def _members(config: DictConfig, group: str) -> list[Any]:
    return [build(config, f"{group}.{name}") for name, node in (config.get(group) or {}).items() if node is not None]


def make_optimizer(config: DictConfig, own_rates: bool = True, where: str = "optimizer") -> Any:  # noqa: ANN401
    """The optimiser, still without parameters; with `own_rates` every group of parameters brings its own."""
    made = build(config, where, late=("params",), but=("lr",) if own_rates else ())
    if OmegaConf.select(config, where).get("fused", False) is None:
        made = partial(made, fused=not scaled(config))  # else clipped while scaled
    rate = {"lr": 1.0} if own_rates else {}
    try:
        tried = made([{"params": [torch.nn.Parameter(torch.zeros(1))], "shapes": [(1,)], **rate}])
    except (TypeError, ValueError) as error:
        raise UserError(f"{where}: {error}") from error
    unscales = getattr(tried, "_step_supports_amp_scaling", False)
    if scaled(config) and OmegaConf.select(config, where).get("fused") and not unscales:
        told = f"gradients scaled by {config.trainer.precision}"
        raise UserError(f"{where}.fused=true: this optimiser cannot take {told}; use false")
    return made


def _refuse_trainer(config: DictConfig) -> None:
    """What Lightning takes and then fails on, or turns into something else."""
    given = config.trainer
    refuse_precision(config)
    for key in _ABOVE_ZERO:
        if isinstance(given.get(key), int | float) and given[key] <= 0:
            raise UserError(f"trainer.{key}={given[key]}: must be above 0")
    if given.get("overfit_batches"):
        raise UserError(f"trainer.overfit_batches={given.overfit_batches}: give trainer.limit_train_batches instead")
    if (given.get("gradient_clip_val") or 0) < 0:
        raise UserError(
            f"trainer.gradient_clip_val={given.gradient_clip_val}: must be above 0, or null for no clipping"
        )
    if given.get("max_steps") == given.get("max_epochs") == -1:
        raise UserError("trainer.max_steps=-1: needs an end; give trainer.max_steps or trainer.max_epochs")
