"""Solutions, subspaces and structures at W&B: named by their content, so that a run names what another one left."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import Logger, WandbLogger
from wandb import Artifact
from wandb.sdk.lib import RunDisabled

__all__ = ["artifact", "log_artifacts", "use_artifacts"]


def artifact(kind: str, path: Path, facts: Mapping[str, Any] | None = None) -> Artifact:
    """A file or folder as KIND-HASH, the first eight hex digits of the SHA-256 of its tensors, or of all it holds."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    files = [file for file in files if file.is_file()]
    digest = hashlib.sha256()
    for file in [file for file in files if file.suffix == ".safetensors"] or files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    made = Artifact(f"{kind}-{digest.hexdigest()[:8]}", type=kind, metadata=dict(facts or {}))
    for file in files:
        made.add_file(str(file), name=str(file.relative_to(path)) if path.is_dir() else file.name)
    return made


def log_artifacts(loggers: Iterable[Logger], left: Sequence[tuple[str, Path]], facts: Mapping[str, Any]) -> None:
    """What a run has left, kind and place, to W&B; places that are not there are none of it."""
    for logger in loggers:
        if isinstance(logger, WandbLogger) and not isinstance(logger.experiment, RunDisabled):
            for kind, path in left:
                if path.exists():
                    logger.experiment.log_artifact(artifact(kind, path, facts))


def use_artifacts(loggers: Iterable[Logger], used: Sequence[tuple[str, Path]]) -> None:
    """What a run rests on, as its inputs; W&B knows no inputs of offline runs."""
    for logger in loggers:
        if isinstance(logger, WandbLogger) and logger._wandb_init.get("mode") == "online":
            for kind, path in used:
                if path.exists():
                    logger.experiment.use_artifact(artifact(kind, path))
