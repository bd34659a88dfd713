"""Names at the ends of lines, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from deltalab.report.picture.canvas import SMALL, Colour

__all__ = ["End", "label_ends", "spread"]

_TIE = {"arrowstyle": "-", "linewidth": 0.6, "shrinkA": 1, "shrinkB": 2, "relpos": (0, 0.5)}


@final
class End(NamedTuple):
    """Where a line ends, in data units, and what it is called."""

    x: float
    y: float
    name: str
    colour: Colour


def spread(places: Sequence[float], gap: float, low: float, high: float) -> NDArray[np.float64]:
    """The places in [low, high] nearest to the given ones, by squares, in their order and at least `gap` apart.

    With q_i = p_i - i * gap in order of p this is isotonic regression of q, solved by pooling neighbours that violate
    the order: each pool gets its mean. Where the gaps do not fit, places go on below `low`. Source: Barlow et al. 1972,
    pool adjacent violators.
    """
    order = np.argsort(places, kind="stable")
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        mean, count = places[i] - rank * gap, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    level = np.repeat([mean for mean, _ in pools], [count for _, count in pools])
    level = np.minimum(np.maximum(level, low), high - gap * (len(order) - 1))
    found = np.empty(len(order))
    found[order] = level + gap * np.arange(len(order))
    return found


def label_ends(axes: Axes, ends: Sequence[End]) -> None:
    """Write each line's name right of the axes at the height of its end, names moved apart and tied to their lines."""
    figure = axes.get_figure(root=True)
    if figure is None or not ends:
        return
    axes.set_ylim(axes.get_ylim())  # names that are moved must not move the scale
    figure.draw_without_rendering()
    bottom, top = axes.get_ylim()
    gap = (top - bottom) * 1.25 * SMALL / 72 * figure.dpi / axes.bbox.height
    for end, height in zip(ends, spread([end.y for end in ends], gap, bottom, top), strict=True):
        axes.annotate(
            end.name,
            xy=(end.x, end.y),
            xytext=(1.04, height),
            textcoords=axes.get_yaxis_transform(),
            color=end.colour,
            fontsize=SMALL,
            verticalalignment="center",
            annotation_clip=False,
            arrowprops=_TIE | {"color": end.colour},
        )
