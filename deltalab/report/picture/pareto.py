"""What parameters buy: the score of structures and methods against their size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import cycle
from statistics import fmean, stdev
from typing import NamedTuple, final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from deltalab.report.picture.canvas import SMALL, blank, open_frame, settled, shades
from deltalab.report.picture.labels import End, label_ends
from deltalab.report.picture.outcomes import FULL, Outcome

__all__ = ["Point", "front", "pareto"]

_MARKERS = "os^Dv"
_SAME = 1.05


@final
class Point(NamedTuple):
    """Outcomes of one name and budget: mean size and score (%), and its standard deviation, nan for a single one."""

    ppm: float
    score: float
    deviation: float


def pareto(outcomes: Sequence[Outcome], title: str, metric: str) -> Figure:
    """Score (%) against the share of the backbone's parameters (ppm), a line for each choice or method.

    A point is the mean over seeds, its bar their sample standard deviation. Ringed points are the Pareto front,
    `front`. Full fine-tuning is a horizontal line; what has no parameters is left out.
    """
    axes = (figure := blank(4.4)).add_subplot()
    lines = _lines([outcome for outcome in outcomes if outcome.name != FULL and outcome.ppm > 0])
    ends = []
    for (name, points), colour, marker in zip(lines.items(), shades(len(lines)), cycle(_MARKERS), strict=False):
        xs, ys, bars = zip(*points, strict=True)
        axes.errorbar(xs, ys, yerr=bars, color=colour, marker=marker, markersize=5, elinewidth=1, capsize=3)
        ends.append(End(xs[-1], ys[-1], name, colour))
    best = front([point for points in lines.values() for point in points])
    rings = [point.ppm for point in best], [point.score for point in best]
    axes.plot(*rings, "o", zorder=4, markersize=10, markerfacecolor="none", markeredgecolor="black")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    _full(axes, [100 * outcome.score for outcome in outcomes if outcome.name == FULL])
    axes.set_xlabel("parameters in ppm of the backbone's")
    axes.set_ylabel(f"{metric} (%)")
    axes.set_title(_title(title, lines), loc="left", fontsize=SMALL + 1)
    open_frame(axes)
    label_ends(axes, ends)
    return settled(figure)


def front(points: Sequence[Point]) -> list[Point]:
    """By rising size, the points that none beats: none of as many parameters or fewer scores better, none of fewer as
    well. Sizes within 5 % are the same, for choices fill a budget more or less."""

    def beats(other: Point, one: Point) -> bool:
        return other.score > one.score and other.ppm <= _SAME * one.ppm

    def saves(other: Point, one: Point) -> bool:
        return other.score == one.score and _SAME * other.ppm < one.ppm

    return [one for one in sorted(points) if not any(beats(other, one) or saves(other, one) for other in points)]


def _lines(outcomes: Sequence[Outcome]) -> dict[str, list[Point]]:
    """The points of each name by rising size."""
    alike: dict[tuple[str, str, str], list[Outcome]] = {}
    for one in outcomes:
        alike.setdefault((one.name, one.budget or f"{one.ppm:.4g}", one.settings), []).append(one)
    found: dict[str, list[Point]] = {}
    for (name, *_), several in alike.items():
        scores = [100 * one.score for one in several]
        deviation = stdev(scores) if len(scores) > 1 else math.nan
        found.setdefault(name, []).append(Point(fmean(one.ppm for one in several), fmean(scores), deviation))
    return {name: sorted(points) for name, points in found.items()}


def _full(axes: Axes, scores: Sequence[float]) -> None:
    """Full fine-tuning as a line over all sizes, with its deviation as a band."""
    if not scores:
        return
    mean, deviation = fmean(scores), stdev(scores) if len(scores) > 1 else 0.0
    axes.axhline(mean, color="0.6", linewidth=0.8, zorder=0)
    axes.axhspan(mean - deviation, mean + deviation, color="0.92", zorder=-1)
    place = axes.get_yaxis_transform()
    axes.text(0, mean, " full fine-tuning", color="0.4", fontsize=SMALL, va="bottom", transform=place)


def _title(title: str, lines: Mapping[str, Sequence[Point]]) -> str:
    barred = any(not math.isnan(point.deviation) for points in lines.values() for point in points)
    notes = "rings: the Pareto front" + ("; bars: standard deviation over seeds" if barred else "")
    return f"{title}: score by size\n{notes}"
