"""A finished run in the folder that another run is to write to."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from deltalab.errors import UserError
from deltalab.run.budgets import superseded
from deltalab.run.build import plain
from deltalab.run.differences import differences
from deltalab.sweep.outcome import RECORD, record

__all__ = ["refuse_other"]

log = logging.getLogger(__name__)

# Where a run writes, whom it tells, and for how long it trains, with what follows from that; the rest is the run.
_MOOT = ("resume", "allow", "output_dir", "logger", "callbacks", "store", "sweep")
_LENGTH = ("max_steps", "max_epochs", "val_check_interval")
_KEPT = {
    "trainer": ("precision", "gradient_clip_val", "gradient_clip_algorithm", "accumulate_grad_batches"),
    "recipe": ("start",),
}
"""Of groups that mostly say how long, how often and where: what changes the numbers."""


def refuse_other(config: DictConfig) -> None:
    """Raise `UserError` where the folder of the run holds a finished run of other settings."""
    path = Path(config.output_dir) / RECORD
    found = record(path.parent)
    if found is None or not isinstance(found.get("config"), dict):
        return
    ours = json.loads(json.dumps(plain(config)))
    for way in superseded(config) if "budget" in config else ():  # a run has forgotten them by its end
        for settings in (ours, found["config"]):
            settings.get("budget", {}).pop(way, None)
    for place, was, here in differences(_determining(found["config"]), _determining(ours)):
        raise UserError(
            f"hydra.run.dir={path.parent}: holds a finished run of other settings ({place} was {was}, here {here}); "
            "give another folder, or remove that one"
        )
    log.info("%s: this run has finished before; it goes on from its end, and the record is written again", path)


def _determining(settings: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in settings.items() if key not in _MOOT}
    for group, names in _KEPT.items():
        kept[group] = {key: value for key, value in (kept.get(group) or {}).items() if key in names}
    if isinstance(kept.get("search"), Mapping):
        kept["search"] = {key: value for key, value in kept["search"].items() if key not in _LENGTH}
    return kept
