"""Where a search believes that units belong: p of every unit by its kind and layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from deltalab.delta.candidates import UnitName
from deltalab.report.picture.canvas import COLOURS, SMALL, WIDTH, blank, readable, settled
from deltalab.report.picture.searched import Searched

__all__ = ["p_heatmap"]

_CELL = 0.17  # inches, which a line of small text needs


@final
class Row(NamedTuple):
    """Units of one kind, apart in their layer alone."""

    method: str
    role: str
    part: int

    def __str__(self) -> str:
        return f"{self.method} {self.role}" + (f" ({self.part + 1})" if self.part else "")


def p_heatmap(found: Searched) -> Figure:
    """p at the selected evaluation by method and role (rows) and layer (columns), a panel for each side.

    Colours run from 0 to the largest p. A dot marks the units of the structure, whatever their p; where there is no
    unit, the panel is hatched. The last column holds what is outside of the layers.
    """
    sides = list(dict.fromkeys(unit.side for unit in found.units))
    rows = {side: list(dict.fromkeys(_row(unit) for unit in found.units if unit.side == side)) for side in sides}
    columns = list(dict.fromkeys(sorted((unit.layer for unit in found.units), key=_last)))
    heights = [len(rows[side]) for side in sides]
    width = max(WIDTH, 2.2 + _CELL * len(columns))
    figure = blank(1.7 + _CELL * sum(heights) + 0.3 * len(sides), width)
    panels = figure.subplots(len(sides), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    norm = Normalize(0.0, max(float(found.p[found.selected].max()), 1e-9))
    for axes, side in zip(panels, sides, strict=True):
        mesh = _panel(axes, found, side, rows[side], columns, norm)
    panels[-1].set_xlabel("layer" + (", last: outside of the layers" if columns[-1] is None else ""))
    figure.colorbar(mesh, ax=list(panels), orientation="horizontal", label="p", shrink=0.6, aspect=40, pad=0.02)
    step, count = found.steps[found.selected], len(found.chosen)
    title = f"{found.task}: p at step {step}; dots: the {count} chosen of {len(found.units)} units"
    figure.suptitle(title, fontsize=SMALL + 1)
    return settled(figure)


def _row(unit: UnitName) -> Row:
    return Row(unit.method, unit.role, unit.part)


def _last(layer: int | None) -> float:
    return np.inf if layer is None else layer


def _panel(
    axes: Axes, found: Searched, side: str, rows: Sequence[Row], columns: Sequence[int | None], norm: Normalize
) -> QuadMesh:
    values = np.full((len(rows), len(columns)), np.nan)
    places = {i: (rows.index(_row(u)), columns.index(u.layer)) for i, u in enumerate(found.units) if u.side == side}
    for i, place in places.items():
        values[place] = found.p[found.selected][i]
    axes.patch.set(hatch="//////", edgecolor="0.75", facecolor="white", linewidth=0)
    mesh = axes.pcolormesh(np.ma.masked_invalid(values), cmap=COLOURS, norm=norm, edgecolor="white", linewidth=0.5)
    marked = [places[i] for i in found.chosen if i in places]
    inks = [readable(COLOURS(norm(values[place]))) for place in marked]
    axes.scatter([column + 0.5 for _, column in marked], [row + 0.5 for row, _ in marked], s=14, c=inks, linewidths=0)
    _names(axes, rows, columns)
    axes.set_title(side, loc="left", fontsize=SMALL + 1)
    return mesh


def _names(axes: Axes, rows: Sequence[Row], columns: Sequence[int | None]) -> None:
    every = 1 if len(columns) <= 13 else 2 if len(columns) <= 37 else 6
    shown = [i for i, layer in enumerate(columns) if layer is None or layer % every == 0]
    axes.set_xticks([i + 0.5 for i in shown], ["–" if columns[i] is None else str(columns[i]) for i in shown])  # noqa: RUF001
    axes.set_yticks([i + 0.5 for i in range(len(rows))], [str(row) for row in rows])
    axes.tick_params(length=0, labelsize=SMALL, labelbottom=True)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
