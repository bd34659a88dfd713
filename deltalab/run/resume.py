"""Going on from a checkpoint: of the very run that is asked for, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, final
from zipfile import is_zipfile

import torch
from lightning import Callback, LightningModule, Trainer
from omegaconf import DictConfig

from deltalab.errors import UserError
from deltalab.store.key import canonical

__all__ = ["go_on", "refuse_checkpoint"]

_FACTS = "deltalab"


@final
class _Stamp(Callback):
    """Writes into every checkpoint what determines the run."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    def on_save_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        checkpoint[_FACTS] = self._facts


def refuse_checkpoint(config: DictConfig) -> None:
    """Raise `UserError` for a `resume` that is no checkpoint, one of another stage, or of no use."""
    if config.resume is None:
        return
    stamp = _read(config.resume).get(_FACTS)
    if stamp is not None and stamp["stage"] != _stage(config):
        raise UserError(f"resume={config.resume}: a checkpoint of stage={stamp['stage']}, this is {_stage(config)}")
    if config.trainer.max_steps == 0:
        raise UserError(f"resume={config.resume}: with trainer.max_steps=0 there is no step to go on with")


def go_on(config: DictConfig, trainer: Trainer, facts: Iterable[Mapping[str, Any]]) -> None:
    """Stamp the trainer's checkpoints with what determines the run, the facts of each of its jobs.

    How long it trains is none of that. Raises `UserError` where `resume` is a checkpoint with another stamp, or none.
    """
    jobs = [{key: value for key, value in one.items() if key != "trainer"} for one in facts]
    mine = json.loads(canonical({"stage": _stage(config), "jobs": jobs}))
    trainer.callbacks.insert(0, _Stamp(mine))  # type: ignore[attr-defined]
    if config.resume is None:
        return
    stamp = _read(config.resume).get(_FACTS)
    if stamp is None:
        raise UserError(f"resume={config.resume}: no checkpoint of stage={_stage(config)}")
    for place, theirs, ours in _differences(stamp, mine):
        raise UserError(f"resume={config.resume}: a checkpoint of another run: {place} was {theirs}, here {ours}")


def _stage(config: DictConfig) -> str:
    return str(config.run).rpartition(".")[2]


def _read(resume: object) -> dict[str, Any]:
    path = Path(str(resume)).expanduser()
    if not path.is_file():
        raise UserError(f"resume={resume}: no such file; give runs/.../checkpoints/last.ckpt")
    try:
        content = torch.load(path, map_location="cpu", mmap=True, weights_only=True) if is_zipfile(path) else None
    except (RuntimeError, UnpicklingError):
        content = None
    if not isinstance(content, dict) or "state_dict" not in content:
        raise UserError(f"resume={resume}: no checkpoint of a run, or a damaged one")
    return content


def _differences(theirs: Any, ours: Any, place: str = "") -> Iterable[tuple[str, Any, Any]]:  # noqa: ANN401
    """Each place where two stamps differ, with what stands there; first what says it in words."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys(), key=lambda key: (key != "what", key)):
            yield from _differences(theirs.get(key), ours.get(key), f"{place}.{key}".strip("."))
    elif _tables(theirs) and _tables(ours) and len(theirs) == len(ours):
        for one, other in zip(theirs, ours, strict=True):
            yield from _differences(one, other, place)
    elif theirs != ours:
        yield place, *(_shown(value) for value in (theirs, ours))


def _tables(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _shown(value: Any) -> Any:  # noqa: ANN401
    return len(value) if _tables(value) else value
