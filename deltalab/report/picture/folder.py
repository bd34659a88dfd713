"""The pictures of a record in a folder of its run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from deltalab.report.picture.canvas import save

__all__ = ["save_all"]


def save_all(figures: Mapping[str, Figure], folder: Path) -> None:
    """Write each figure to `folder`/NAME.png."""
    for name, figure in figures.items():
        folder.mkdir(parents=True, exist_ok=True)
        save(figure, folder / f"{name}.png")
