"""A solution folder with the backbone and the delta it belongs to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from deltalab.backbone.backbone import Backbone
from deltalab.delta.description import described
from deltalab.delta.method import Delta
from deltalab.delta.solution import Solution
from deltalab.errors import UserError
from deltalab.interop.node import backbone_of, settings_at

__all__ = ["Opened", "open_solution"]


@final
@dataclass(frozen=True)
class Opened:
    """A solution, and the delta whose theta it is; its card tells the task."""

    solution: Solution
    delta: Delta

    @property
    def backbone(self) -> Backbone:
        """The frozen model."""
        return self.delta.backbone


def open_solution(folder: Path, backbone: str | None = None, dtype: str = "float32") -> Opened:
    """Read a solution folder; `backbone` is a folder or hub id, None: the one that the card names.

    Raises `UserError` for a folder without a solution, one whose card does not tell its method, or another backbone.
    """
    card = _card(folder)
    if not isinstance(card.get("method"), dict):
        raise UserError(f"solution {folder}: its card does not tell the method; tune it again with this version")
    settings = card.get("config", {}).get("backbone") if backbone is None else settings_at(backbone)
    if settings is None:
        raise UserError(f"solution {folder}: its card does not tell how to load its backbone; give --backbone")
    model = backbone_of(settings, dtype)
    delta = described(card["method"]).bind(model, card["delta"]["name"])
    return Opened(Solution.load(folder, delta), delta)


def _card(folder: Path) -> dict[str, Any]:
    path = folder / "solution.json"
    if not path.is_file():
        raise UserError(f"solution {folder}: no solution.json there; give the folder a run wrote its solution to")
    try:
        card = json.loads(path.read_text())
        str(card["delta"]["name"])
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"solution {path}: damaged or not a solution card ({error})") from error
    return card
