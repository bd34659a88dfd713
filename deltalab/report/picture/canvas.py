"""What all pictures share: a size, a colour map for every eye, and PNG files that depend on the picture alone."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from deltalab.atomic import atomic

__all__ = [
    "COLOURS",
    "SMALL",
    "WIDTH",
    "Colour",
    "Record",
    "blank",
    "open_frame",
    "over_lines",
    "pixels",
    "readable",
    "save",
    "settled",
    "shades",
    "subject",
]

WIDTH = 6.0
"""Inches, at which the default text of 10 points is read as it is printed."""
SMALL = 9
"""Points of text next to data."""
COLOURS = matplotlib.colormaps["viridis"]

Colour = tuple[float, float, float, float]
Record = Mapping[str, Any]


def blank(height: float, width: float = WIDTH) -> Figure:
    """A white figure of this size in inches that makes room for its texts."""
    figure = Figure(figsize=(width, height), dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", w_pad=0.08, h_pad=0.08)
    return figure


def settled(figure: Figure) -> Figure:
    """The figure with its texts in place for good: laying it out anew at every drawing would move them a little."""
    for _ in range(2):
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure


def shades(count: int) -> list[Colour]:
    """`count` colours for lines and their labels, from dark to as light as white paper allows."""
    return [COLOURS(share) for share in np.linspace(0.0, 0.7, count)]


def open_frame(axes: Axes) -> None:
    """Leave only the frame's sides that carry a scale."""
    axes.spines[["top", "right"]].set_visible(False)


def over_lines(name: str) -> str:
    """A name broken at its underscores, for where there is little width."""
    return name.replace("_", "_\n")


def subject(tasks: Iterable[str]) -> str:
    """The task that a picture is about, or how many different ones."""
    names = sorted(set(tasks))
    return names[0] if len(names) == 1 else f"{len(names)} tasks"


def readable(ground: Colour) -> str:
    """Black or white, whichever stands out from the ground's luminance (ITU-R BT.709)."""
    red, green, blue, _ = ground
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.45 else "white"


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """The drawn figure (height, width, 4), red, green, blue and opacity from 0 to 255."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def save(figure: Figure, path: Path) -> None:
    """Write a PNG file that appears whole or not at all; equal pictures give equal bytes."""
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    with atomic(path) as part:
        part.write_bytes(content.getvalue())
