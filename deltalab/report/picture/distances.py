"""How the methods' codes come together in training, and how well they stand for the solutions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deltalab.report.picture.canvas import Record, blank, open_frame, settled, shades, subject
from deltalab.report.picture.labels import End, label_ends

__all__ = ["distances"]


def distances(record: Record) -> Figure:
    """Distances of every two methods' codes, ||z_a - z_b||, above relative errors, ||v - up(z)|| / ||v||, over steps.

    A record of approximation with a history; values that are missing or not finite are left out, and so is the upper
    panel where there is one method alone.
    """
    labels = {"distance": "distance of codes\n||z - z'||", "relative_error": "relative error\n||v - up(z)|| / ||v||"}
    lines = {key: found for key in labels if (found := _lines(record["history"], key))}
    figure = blank(1.0 + sum(1.2 + 0.2 * len(found) for found in lines.values()))
    panels = figure.subplots(len(lines), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (key, found) in zip(panels, lines.items(), strict=True):
        _panel(axes, found, labels[key])
    panels[-1].set_xlabel("training step")
    task = subject(task["name"] for task in record["tasks"])
    panels[0].set_title(f"{task}, d = {record['dim']}", loc="left", fontsize=11)
    return settled(figure)


def _lines(history: Sequence[Mapping[str, Any]], key: str) -> dict[str, list[tuple[int, float]]]:
    """Steps and finite values of everything that the history measures under `key`."""
    found: dict[str, list[tuple[int, float]]] = {}
    for point in history:
        for name, value in point[key].items():
            if math.isfinite(value):
                found.setdefault(name, []).append((point["step"], value))
    return found


def _panel(axes: Axes, lines: Mapping[str, Sequence[tuple[int, float]]], label: str) -> None:
    ends = []
    for (name, points), colour in zip(lines.items(), shades(len(lines)), strict=True):
        axes.plot(*zip(*points, strict=True), ".-", color=colour)
        ends.append(End(*points[-1], name, colour))
    axes.set_ylim(bottom=0)
    axes.set_ylabel(label)
    open_frame(axes)
    label_ends(axes, ends)
