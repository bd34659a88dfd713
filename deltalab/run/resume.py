"""Going on from a checkpoint: of the very run that is asked for, or not at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lightning import Trainer
from omegaconf import DictConfig

from deltalab.errors import UserError
from deltalab.report.searchable import stage
from deltalab.run.again import goes_on
from deltalab.run.checkpoints import FOLDER, LAST, content, newest
from deltalab.run.differences import differences
from deltalab.run.preemption import Preemption
from deltalab.run.survival import STAMP, Survival
from deltalab.store.key import canonical

__all__ = ["LENGTH", "go_on", "of_one_length", "refuse_checkpoint"]

log = logging.getLogger(__name__)

LENGTH = ("max_steps", "max_epochs", "max_time", "val_check_interval", "check_val_every_n_epoch")
"""Settings of a trainer that say how long a run goes on, and how often it is looked at."""


def refuse_checkpoint(config: DictConfig) -> None:
    """Raise `UserError` for a `resume` that is no checkpoint, one of another stage, or of no use."""
    if config.resume is None:
        return
    place = Path(str(config.resume)).expanduser()
    if place.is_dir() and not any(place.glob(f"**/{FOLDER}/*.ckpt")):
        raise UserError(f"resume={config.resume}: no checkpoint in this folder; give the folder of a run, or a file")
    path = _named(config)
    stamp = None if path is None else _given(config, path).get(STAMP)
    if stamp is not None and stamp["stage"] != stage(config):
        raise UserError(f"resume={config.resume}: a checkpoint of stage={stamp['stage']}, this is {stage(config)}")
    if config.trainer.max_steps == 0:
        raise UserError(f"resume={config.resume}: with trainer.max_steps=0 there is no step to go on with")


def go_on(config: DictConfig, trainer: Trainer, facts: Iterable[Mapping[str, Any]]) -> str | None:
    """Stamp the trainer's checkpoints with what determines the run, the facts of each of its jobs.

    How long it trains is none of that. Returns the checkpoint to go on from: the later one of what `resume` names and
    what the same run has left in its own folder, None where there is neither. Raises `UserError` where `resume` is a
    checkpoint with another stamp, or none, or that is past the end.
    """
    jobs = [{key: _lasting(value) if key == "trainer" else value for key, value in one.items()} for one in facts]
    mine = json.loads(canonical({"stage": stage(config), "jobs": jobs}))
    last = Path(config.output_dir) / FOLDER / LAST
    length = {key: config.trainer.get(key) for key in LENGTH}
    trainer.callbacks[:0] = [Survival(mine, length), Preemption(last)]  # type: ignore[attr-defined]
    if trainer.max_steps == 0:
        return None
    found = [one for one in (_asked(config, mine), _left(config, mine)) if one is not None]
    if not found:
        return None
    step, path = max(found, key=lambda one: one[0])
    if -1 < trainer.max_steps < step:
        raise UserError(f"trainer.max_steps={trainer.max_steps}: {path} stands at step {step} already; give more")
    log.info("going on from step %d: %s", step, path)
    return str(path)


def of_one_length(trainer: Trainer) -> bool:
    """Whether all steps behind a trainer were taken by the same settings of its length; what is not so is told."""
    (found,) = [one for one in trainer.callbacks if isinstance(one, Survival)]  # type: ignore[attr-defined]
    if len(found.lengths) == 1:
        return True
    log.info("the store keeps no run whose length was changed on the way; it is in its own folder")
    return False


def _lasting(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key not in LENGTH}


def _asked(config: DictConfig, mine: Mapping[str, Any]) -> tuple[int, Path] | None:
    """The checkpoint that `resume` names, with its step."""
    if config.resume is None:
        return None
    path = _named(config)
    if path is None:
        return None
    found = _given(config, path)
    if STAMP not in found:
        raise UserError(f"resume={config.resume}: no checkpoint of stage={stage(config)}")
    for where, theirs, ours in differences(found[STAMP], mine):
        raise UserError(f"resume={config.resume}: a checkpoint of another run: {where} was {theirs}, here {ours}")
    return found["global_step"], path


def _named(config: DictConfig) -> Path | None:
    """The checkpoint file that `resume` means, None where its folder has no whole one."""
    place = Path(str(config.resume)).expanduser()
    return newest(place / FOLDER) if place.is_dir() else place


def _left(config: DictConfig, mine: Mapping[str, Any]) -> tuple[int, Path] | None:
    """The checkpoint that this run has left in its folder when it was killed, with its step.

    Raises `UserError` where the run in that folder was asked to go on, and it is not the same.
    """
    path = newest(Path(config.output_dir) / FOLDER)
    if path is None:
        return None
    found = content(path)
    for where, theirs, ours in differences(found.get(STAMP), mine):
        if goes_on(path):
            raise UserError(f"resume: {path} is of another run: {where} was {theirs}, here {ours}")
        log.warning("%s: left by another run (%s was %s, here %s); starting anew", path, where, theirs, ours)
        return None
    return found["global_step"], path


def _given(config: DictConfig, path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise UserError(f"resume={config.resume}: no such file; give runs/.../checkpoints/last.ckpt")
    try:
        return content(path)
    except UserError as error:
        raise UserError(f"resume={config.resume}: no checkpoint of a run, or a damaged one") from error
