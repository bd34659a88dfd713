"""What stands in a config at the place of a key that it does not have."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf

from deltalab.errors import unknown

__all__ = ["no_such_key", "refused_key"]


def refused_key(error: BaseException) -> str | None:
    """The key that Hydra could not override, where that is what it says."""
    found = re.search(r"Could not override '([^']+)'", str(error)) if isinstance(error, HydraException) else None
    return found[1] if found else None


def no_such_key(key: str, config: DictConfig, name: str) -> str:
    """One line: the first part of `key` that `config` lacks, and what it has there; `name` stands for its top."""
    node, where = OmegaConf.to_container(config), ""
    for part in key.split("."):
        if not isinstance(node, Mapping):
            return f"{key}: {where} is a single value, without keys"
        if part not in node:
            names = [str(one) for one in node if not str(one).startswith("_") and (where or one != "hydra")]
            return str(unknown("key", part, names, where or name))
        node, where = node[part], f"{where}.{part}".strip(".")
    return f"{key}: cannot be given"
