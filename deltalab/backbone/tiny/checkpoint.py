"""All a killed run needs to go on as if nothing had happened."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from transformers import T5ForConditionalGeneration

from deltalab.atomic import atomic
from deltalab.backbone.tiny.optimizer import ScaledAdamW
from deltalab.backbone.tiny.settings import Settings
from deltalab.errors import UserError

__all__ = ["Progress", "load", "save"]


@dataclass
class Progress:
    """How far a run is: steps, tokens read by the encoder and seconds, and the losses measured on the way."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    losses: list[dict[str, float]] = field(default_factory=list)


def save(
    path: Path, model: T5ForConditionalGeneration, optimizer: ScaledAdamW, progress: Progress, settings: Settings
) -> None:
    """Write the state of a run in one move."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "progress": asdict(progress),
        "recipe": settings.recipe(),
    }
    with atomic(path, 0o644) as temporary:
        torch.save(state, temporary)


def load(path: Path, model: T5ForConditionalGeneration, optimizer: ScaledAdamW, settings: Settings) -> Progress:
    """Put a saved state back in place; a new `Progress` where none was saved."""
    if not path.exists():
        return Progress()
    state = torch.load(path, weights_only=True)
    _same_recipe(state["recipe"], settings.recipe(), path.parent)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return Progress(**state["progress"])


def _same_recipe(saved: dict[str, object], asked: dict[str, object], out: Path) -> None:
    for name, value in asked.items():
        if saved.get(name) != value:
            flag = name.replace("_", "-")
            raise UserError(
                f"--{flag}: {value} differs from {saved.get(name)}, with which {out} began; use another --out"
            )
