"""Which job of a sweep a list of overrides is: its settings, whatever the order and the place it runs in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict, read_write

from deltalab.errors import UserError

__all__ = ["identity", "settings", "subfolder"]

_LENGTH = 16


def identity(config: DictConfig) -> str:
    """A hash of a job's resolved config, in no particular folder; how a sweep is run is none of its settings."""
    with _placed(config, ".") as own:
        text = f"{config.hydra.job.config_name}\n{OmegaConf.to_yaml(own, resolve=True, sort_keys=True)}"
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def settings(config: DictConfig, folder: str = ".") -> dict[str, Any]:
    """A job's resolved config in its folder, without how its sweep is run."""
    with _placed(config, folder) as own:
        content = OmegaConf.to_container(own, resolve=True)
    assert isinstance(content, dict)
    return {str(key): value for key, value in content.items()}


@contextmanager
def _placed(config: DictConfig, folder: str) -> Iterator[DictConfig]:
    """The config of a job without `hydra` and `sweep`, to be resolved inside as that of a run in this folder."""
    chosen = HydraConfig.instance().cfg
    try:
        with read_write(config.hydra), open_dict(config.hydra):
            config.hydra.runtime.output_dir = folder
        HydraConfig.instance().set_config(config)
        own = OmegaConf.masked_copy(config, [str(key) for key in config if key not in ("hydra", "sweep")])
        yield own
    finally:
        HydraConfig.instance().cfg = chosen


def subfolder(config: DictConfig, number: int, taken: Callable[[str], bool]) -> str:
    """The first free `hydra.sweep.subdir` of a job with this number or a later one.

    Raises `UserError` where the subdir leads out of the sweep's folder, or is taken and does not depend on the number.
    """
    before: str | None = None
    chosen = HydraConfig.instance().cfg
    try:
        while True:
            with read_write(config.hydra), open_dict(config.hydra):
                config.hydra.job.num = number
                config.hydra.job.id = str(number)
            HydraConfig.instance().set_config(config)
            name = str(OmegaConf.select(config, "hydra.sweep.subdir"))
            if Path(name).is_absolute() or ".." in Path(name).parts:
                raise UserError(f"hydra.sweep.subdir={name}: leads out of the folder of the sweep")
            if not taken(name):
                return name
            if name == before:
                raise UserError(f"hydra.sweep.subdir={name}: two jobs would share it; name what tells them apart")
            before, number = name, number + 1
    finally:
        HydraConfig.instance().cfg = chosen
