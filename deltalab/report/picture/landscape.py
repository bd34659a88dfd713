"""What the codes between the methods' solutions are worth: task score over the mixing simplex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.tri import LinearTriInterpolator, TriAnalyzer, Triangulation, UniformTriRefiner
from numpy.typing import NDArray

from deltalab.errors import UserError
from deltalab.report.picture.canvas import COLOURS, SMALL, Record, blank, open_frame, over_lines, settled, shades
from deltalab.report.picture.labels import End, label_ends

__all__ = ["landscape"]

Array = NDArray[np.float64]

_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


def landscape(record: Record) -> Figure:
    """Score (%) of the mixed code sum_m w_m z_m over the weights w, decoded as each method; stars mark the best points.

    Three methods give a triangle for each, corner m being w_m = 1, on one scale of colours, linear between the points;
    two give lines over w. A record of approximation with a landscape; `UserError` for another number of methods.
    """
    methods, drawn = record["methods"], record["landscape"]
    if len(methods) not in (2, 3):
        names = ", ".join(methods)
        raise UserError(f"landscape of {len(methods)} methods ({names}): it is drawn for two or three methods")
    weights = np.array([point["weights"] for point in drawn["points"]], dtype=float)
    scores = {name: np.array([100 * point["scores"][name] for point in drawn["points"]]) for name in methods}
    picture = _triangles if len(methods) == 3 else _lines
    return picture(weights, scores, f"{drawn['task']}, d = {record['dim']}", f"{drawn['metric']} (%)")


def _triangles(weights: Array, scores: Mapping[str, Array], title: str, unit: str) -> Figure:
    figure = blank(3.0 + 0.45 * max(over_lines(name).count("\n") + 1 for name in scores))
    places = weights @ _CORNERS
    grid = Triangulation(places[:, 0], places[:, 1])
    grid.set_mask(TriAnalyzer(grid).get_flat_tri_mask(0.01))  # slivers between points on an edge, made by rounding
    values = np.concatenate(list(scores.values()))
    norm = Normalize(values.min(), values.max())
    row = figure.subplots(1, 3)
    for axes, (method, score) in zip(row, scores.items(), strict=True):
        colours = axes.tripcolor(*_finer(grid, score), shading="gouraud", cmap=COLOURS, norm=norm)
        axes.plot(places[:, 0], places[:, 1], "k.", markersize=1.5)
        _stars(axes, places, score)
        _corners(axes, list(scores), f"decoded as\n{method}\nbest {score.max():.1f}")
    figure.colorbar(colours, ax=row, orientation="horizontal", label=unit, shrink=0.6, aspect=40)
    figure.suptitle(f"{title}: score of mixed codes", fontsize=11)
    return settled(figure)


def _finer(grid: Triangulation, score: Array) -> tuple[Triangulation, Array]:
    """The same function, linear on each triangle, on smaller ones: between far colours shading would leave the map."""
    fine, values = UniformTriRefiner(grid).refine_field(score, LinearTriInterpolator(grid, score), subdiv=3)
    return fine, np.asarray(values)


def _corners(axes: Axes, methods: Sequence[str], title: str) -> None:
    """Name the corners below the title; the lower two grow inwards, so that neighbouring triangles do not meet."""
    left, right, top = (over_lines(name) for name in methods)
    axes.text(-0.08, -0.07, left, fontsize=SMALL, va="top", ha="left")
    axes.text(1.08, -0.07, right, fontsize=SMALL, va="top", ha="right")
    axes.text(0.5, _CORNERS[2, 1] + 0.07, top, fontsize=SMALL, va="bottom", ha="center")
    axes.set_title(title, fontsize=SMALL + 1, pad=8 + 1.3 * SMALL * (top.count("\n") + 1))
    axes.set_aspect("equal")
    axes.set_axis_off()


def _lines(weights: Array, scores: Mapping[str, Array], title: str, unit: str) -> Figure:
    axes = (figure := blank(3.6)).add_subplot()
    order = np.argsort(weights[:, 0])
    share, ends = weights[order, 0], []
    for (method, score), colour in zip(scores.items(), shades(len(scores)), strict=True):
        axes.plot(share, score[order], ".-", color=colour)
        ends.append(End(1.0, float(score[order][-1]), f"decoded as {method}", colour))
    for score in scores.values():
        _stars(axes, np.stack([weights[:, 0], score], axis=1), score)
    first, second = scores
    axes.set_xlabel(f"weight of {first}'s code, the rest {second}'s")
    axes.set_ylabel(unit)
    axes.set_title(f"{title}: score of mixed codes", loc="left", fontsize=11)
    open_frame(axes)
    label_ends(axes, ends)
    return settled(figure)


def _stars(axes: Axes, places: Array, score: Array) -> None:
    """Mark the best points: all that are equal, none where all are."""
    best = places[(score == score.max()) & (score.min() < score.max())]
    axes.plot(best[:, 0], best[:, 1], "*", markersize=11, markerfacecolor="white", markeredgecolor="black", zorder=4)
