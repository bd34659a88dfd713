"""The stage that a config names."""

from __future__ import annotations

from hydra.utils import get_method
from omegaconf import DictConfig

__all__ = ["run"]


def run(config: DictConfig) -> float:
    """Run the stage; returns its score, for sweepers."""
    return float(get_method(config.run)(config))
