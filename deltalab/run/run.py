"""The stage that a config names."""

from __future__ import annotations

from pathlib import Path

from hydra.utils import get_method
from omegaconf import DictConfig

from deltalab.run.sweep import chosen_objectives
from deltalab.sweep.outcome import objectives, record

__all__ = ["run"]


def run(config: DictConfig) -> float | tuple[float, ...]:
    """Run the stage; returns its score, or what `sweep.objectives` names, for sweepers."""
    names = chosen_objectives(config.sweep.objectives)
    score = float(get_method(config.run)(config))
    found = record(Path(config.output_dir)) if names != ["score"] else None
    return score if found is None else objectives(found, names)
