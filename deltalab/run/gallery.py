"""What the jobs of a sweep show together: pictures in its folder and, where its jobs tell W&B, in their group."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf, open_dict

from deltalab.sweep.outcome import RECORD

__all__ = ["hang"]

_DRAWN = ("search", "optimize")


def hang(config: DictConfig, folder: Path) -> list[Path]:
    """Draw the records of the jobs in the folder of a sweep; the files that were written, none where there is nothing
    to compare."""
    records = [found for path in sorted(folder.glob(f"*/{RECORD}")) if (found := _read(path)) is not None]
    if len([one for one in records if one.get("stage") in _DRAWN]) < 2:
        return []
    # Here, for what most sweeps have no use for takes seconds to import.
    from deltalab.report.picture.draw import together
    from deltalab.report.picture.folder import save_all

    figures = together(records)
    save_all(figures, folder / "pictures")
    if figures and OmegaConf.select(config, "logger.wandb") is not None:
        _log(config, folder, figures)
    return [folder / "pictures" / f"{name}.png" for name in figures]


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):  # of a job that is at it, or was killed
        return None
    return found if isinstance(found, dict) else None


def _log(config: DictConfig, folder: Path, figures: Mapping[str, Any]) -> None:
    from deltalab.report.logger import log_pictures
    from deltalab.run.loggers import loggers_closed
    from deltalab.run.setup import make_loggers

    config = config.copy()
    told = OmegaConf.to_container(config.logger.wandb, resolve=False)
    assert isinstance(told, dict)
    with open_dict(config):
        config.output_dir = str(folder)
        config.logger = {"wandb": {**told, "name": "sweep", "job_type": "sweep"}}  # a job's are made of Hydra's choices
    loggers = make_loggers(config, OmegaConf.select(config, "sweep.name") or folder.name)
    with loggers_closed(loggers):
        log_pictures(loggers, figures, 0)
