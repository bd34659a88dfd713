"""The door of the programs: whatever the user got wrong becomes one line and exit code 2."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException, MissingConfigException
from lightning.fabric.utilities.exceptions import MisconfigurationException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from deltalab.errors import UserError, unknown

__all__ = ["door", "explained"]


@contextmanager
def door(config_dir: Path, config_name: str, output_dir: Path | None = None) -> Iterator[None]:
    """Turn a user's mistake inside into one line on stderr and exit code 2; other exceptions pass.

    `output_dir` is removed where it holds nothing yet but what Hydra puts there before a run starts.
    """
    os.environ["HYDRA_FULL_ERROR"] = "1"  # Hydra would otherwise print its own report and exit with 1
    try:
        yield
    except (UserError, HydraException, OmegaConfBaseException, MisconfigurationException) as error:
        found = explained(error, config_dir, config_name, sys.argv[1:])
        if found is None:
            raise
        if output_dir is not None:
            _discard(output_dir, config_name)
        print(f"error: {found}", file=sys.stderr)  # noqa: T201
        sys.exit(2)


def _discard(folder: Path, config_name: str) -> None:
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if names <= {".hydra", f"{config_name}.log"}:
        shutil.rmtree(folder, ignore_errors=True)


def explained(error: BaseException, config_dir: Path, config_name: str, overrides: list[str]) -> str | None:
    """One line about a mistake, or None where an exception is none of the user's."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, UserError):
            return str(cause)
        if isinstance(cause, MissingMandatoryValue):
            key = str(cause).rsplit(": ", 1)[-1].splitlines()[0]
            return f"{key}: needs a value; give {key}=..."
        if isinstance(cause, MissingConfigException) and cause.options is not None:
            group, _, name = str(cause.missing_cfg_file).rpartition("/")
            return str(unknown("option", name, cause.options, group))
        refused = re.search(r"Could not override '([^']+)'", str(cause))
        if isinstance(cause, HydraException) and refused:
            return _unknown_key(refused[1], config_dir, config_name, overrides)
        cause = cause.__cause__
    if isinstance(error, HydraException) and type(error).__name__ == "InstantiationException":
        return None  # something inside failed that no override is to blame for
    return " ".join(str(error).split())


def _unknown_key(key: str, config_dir: Path, config_name: str, overrides: list[str]) -> str:
    """Compose without the bad override, to tell what stands at its place."""
    good = [o for o in overrides if not o.startswith(("-", key + "=", "+", "~")) and "=" in o and "," not in o]
    parent, _, name = key.rpartition(".")
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(config_dir), version_base="1.3"):
        try:
            config = compose(config_name, overrides=good)
        except HydraException:
            config = compose(config_name)
    node = OmegaConf.select(config, parent) if parent else config
    while not isinstance(node, DictConfig):
        name, (parent, _, _) = parent, parent.rpartition(".")
        node = OmegaConf.select(config, parent) if parent else config
    keys = [str(k) for k in node if not str(k).startswith("_")]
    return str(unknown("key", name, keys, parent or config_name))
