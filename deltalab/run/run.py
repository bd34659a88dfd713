"""The stage that a config names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from omegaconf import DictConfig

from deltalab.errors import UserError
from deltalab.run.build import listed
from deltalab.run.splits import narrow
from deltalab.run.sweep import chosen_objectives
from deltalab.sweep.outcome import objectives, record
from deltalab.trust import named, trust

__all__ = ["run"]


def run(config: DictConfig) -> float | tuple[float, ...]:
    """Run the stage; returns its score, or what `sweep.objectives` names, for sweepers."""
    trust(listed(config.get("allow")) or [])
    narrow(config)
    if "program" in config.sweep:
        raise UserError("sweep: this option is a file for `wandb sweep`; allowed here: default")
    names = chosen_objectives(config.sweep.objectives)
    score = float(_stage(config)(config))
    found = record(Path(config.output_dir)) if names != ["score"] else None
    return score if found is None else objectives(found, names)


def _stage(config: DictConfig) -> Callable[[DictConfig], float]:
    try:
        found: Callable[[DictConfig], float] = named(str(config.run))
    except (ImportError, ValueError, AttributeError, UserError) as error:
        raise UserError(f"run={config.run}: {error}") from error
    return found
