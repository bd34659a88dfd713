"""The processes of one run: started together, in step from then on, and the first of them alone speaks and writes."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from lightning import Trainer
from omegaconf import DictConfig
from torch import distributed as dist

from deltalab.processes import rank, world
from deltalab.run.door import discard

__all__ = ["all_here", "first", "gather", "lead", "others_leave"]

T = TypeVar("T")

_PATIENCE = timedelta(days=30)  # the first may wait for a lock of the store as long as another run takes
_TALK: list[dist.ProcessGroup] = []
"""The group that `lead` speaks in: on the CPU, and patient."""


def gather(config: DictConfig, trainer: Trainer) -> None:
    """Start the processes that a trainer asks for, unless they are there; all work in the run folder of the first."""
    if trainer.world_size == 1:
        return
    if not dist.is_initialized():
        _start(trainer)
        _TALK[:] = [dist.new_group(backend="gloo", timeout=_PATIENCE)]
        if not first():
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - until the process ends
            logging.root.setLevel(logging.ERROR)
    own = Path(str(config.output_dir))
    config.output_dir = lead(lambda: str(own))
    if Path(config.output_dir) != own:  # torchrun: each has named a folder by its own clock
        discard(own)


def first() -> bool:
    """Whether this process is the one that speaks and writes."""
    return rank() == 0


def lead(make: Callable[[], T]) -> T:
    """What `make` gives in the first process, in all of them: the others wait for it."""
    if world() == 1:
        return make()
    found: list[Any] = [make() if first() else None]
    dist.broadcast_object_list(found, 0, group=_TALK[0])
    made: T = found[0]
    return made


def all_here() -> None:
    """Wait until every process has come this far."""
    if world() > 1:
        dist.barrier(_TALK[0])


def others_leave() -> None:
    """End every process but the first, well: what is left to do takes one."""
    if not first():
        raise SystemExit(0)


def _start(trainer: Trainer) -> None:
    """What Lightning does at the start of a fit, but before anything is decided that processes have to agree on."""
    strategy, launcher = trainer.strategy, trainer.strategy.launcher
    if launcher is None:
        strategy.setup_environment()
        return
    launcher.launch(strategy.setup_environment, trainer=trainer)
    atexit.register(launcher.kill, signal.SIGTERM)  # where the first fails, nobody waits for it
