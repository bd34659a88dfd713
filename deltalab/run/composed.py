"""Configs from the config folder, each composed but once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hydra import compose
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig

__all__ = ["composed"]


def composed(name: str | None, overrides: Sequence[str]) -> DictConfig:
    """The config of a program, or of groups alone where `name` is None, by these overrides; yours to change.

    Raises Hydra's errors for overrides that do not fit.
    """
    # Hydra takes a tenth of a second, and a subspace of many tasks asks for the same a hundred times.
    return _composed(str(GlobalHydra.instance().config_loader().get_search_path()), name, tuple(overrides)).copy()


@cache
def _composed(folders: str, name: str | None, overrides: tuple[str, ...]) -> DictConfig:
    return compose(name, overrides=list(overrides))
