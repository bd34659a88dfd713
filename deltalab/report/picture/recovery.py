"""How much of the original performance a subspace of so many dimensions recovers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from statistics import fmean, stdev
from typing import NamedTuple, final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from deltalab.report.picture.canvas import SMALL, Colour, Record, blank, open_frame, settled, shades, subject
from deltalab.report.picture.labels import End, label_ends
from deltalab.report.relative import mean_relative

__all__ = ["recovery"]

_WAYS = ("optimization", "transfer")


@final
class Point(NamedTuple):
    """E_rel (%) at d: the mean over records and their standard deviation, nan for a single record."""

    dim: int
    mean: float
    deviation: float


def recovery(kinds: Mapping[str, Sequence[Record]]) -> Figure:
    """E_rel (%) against d for each kind of subspace: optimization (solid) and, where there is any, transfer (dashed).

    A record counts with the mean of its diagonal (optimization) and of the rest (transfer), over what is defined; a
    point is the mean over the records of one d, its bar their sample standard deviation. A line without any point is
    named as undefined.
    """
    axes = (figure := blank(3.8)).add_subplot()
    ends, notes, barred = [], [], False
    for ((kind, records), colour), way in product(zip(kinds.items(), shades(len(kinds)), strict=True), _WAYS):
        name = way if len(kinds) == 1 else f"{kind}: {way}"
        points = _points(records, way)
        if points:
            _draw(axes, points, way, colour)
            ends.append(End(points[-1].dim, points[-1].mean, name, colour))
        elif any(_cells(record, way) for record in records):
            notes.append(f"{name}: undefined")
        barred |= any(not math.isnan(point.deviation) for point in points)
    drawn = [record for records in kinds.values() for record in records]
    _scales(axes, {record["dim"] for record in drawn})
    title = subject(record["task"]["name"] for record in drawn) + ": E_rel by d"
    notes += ["bars: standard deviation over records"] * barred
    axes.set_title("\n".join([title, *notes]), loc="left", fontsize=SMALL + 1)
    label_ends(axes, ends)
    return settled(figure)


def _cells(record: Record, way: str) -> list[float | None]:
    """A record's E_rel on the diagonal or off it."""
    rows = record["e_rel"].items()
    return [value for s, row in rows for t, value in row.items() if (s == t) == (way == "optimization")]


def _points(records: Sequence[Record], way: str) -> list[Point]:
    """A point for each d at which some record is defined, in the order of d."""
    by_dim: dict[int, list[float]] = {}
    for record in records:
        mean = mean_relative(_cells(record, way))
        if mean is not None:
            by_dim.setdefault(record["dim"], []).append(mean)
    return [
        Point(dim, fmean(means), stdev(means) if len(means) > 1 else math.nan) for dim, means in sorted(by_dim.items())
    ]


def _draw(axes: Axes, points: Sequence[Point], way: str, colour: Colour) -> None:
    solid = way == "optimization"
    axes.errorbar(
        [point.dim for point in points],
        [point.mean for point in points],
        yerr=[point.deviation for point in points],
        color=colour,
        linestyle="-" if solid else "--",
        marker="o",
        markerfacecolor=colour if solid else "white",
        markersize=5,
        elinewidth=1,
        capsize=3,
    )


def _scales(axes: Axes, dims: Iterable[int]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(sorted(dims), [str(dim) for dim in sorted(dims)])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.axhline(100, color="0.6", linewidth=0.8, zorder=0)
    axes.text(
        0,
        100,
        " 100: the original space",
        color="0.4",
        fontsize=SMALL,
        va="bottom",
        transform=axes.get_yaxis_transform(),
    )
    axes.set_xlabel("dimension d of the subspace")
    axes.set_ylabel("E_rel (%)")
    open_frame(axes)
