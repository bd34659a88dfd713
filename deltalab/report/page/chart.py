"""A small line chart as SVG, in the colours of the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from deltalab.report.page.curves import Curve
from deltalab.report.page.element import node

__all__ = ["chart", "ticks"]

WIDTH, HEIGHT = 340.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 10.0, 8.0, 34.0
COLOURS = 8
"""Colours of lines in page.css; further lines have them again, dashed."""


def chart(title: str, lines: Mapping[str, Curve]) -> Element:
    """Values over steps, a line for each name, with a legend where there are several."""
    across = [x for line in lines.values() for x, _ in line]
    up = [y for line in lines.values() for _, y in line]
    x_ticks, y_ticks = ticks(min(across), max(across), 4), ticks(min(up), max(up), 4)
    low, high = min(*up, y_ticks[0]), max(*up, y_ticks[-1])
    drawn = node("svg", {"viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}", "role": "img", "aria-label": title})
    drawn.extend(_grid(x_ticks, y_ticks, (min(across), max(across)), (low, high)))
    for i, (name, line) in enumerate(lines.items()):
        places = " ".join(f"{_x(x, min(across), max(across)):.1f},{_y(y, low, high):.1f}" for x, y in line)
        drawn.append(node("polyline", {"class": _look(i), "points": places}, node("title", None, name)))
    legend = [node("li", {"class": _look(i)}, name) for i, name in enumerate(lines)]
    legend = legend if len(lines) > 1 else []
    return node("figure", {"class": "chart"}, node("figcaption", None, title), drawn, node("ul", None, *legend))


def ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` places from `low` to `high`, 1, 2 or 5 times a power of ten apart; `low` where both are equal."""
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def _short(value: float) -> str:
    """A number in the little room beside the axis."""
    if 1e4 <= abs(value) < 1e7:
        return f"{value / 1000:.4g}k"
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0e}"


def _look(i: int) -> str:
    return f"line{i % COLOURS}" + " dashed" * (i >= COLOURS)


def _grid(
    x_ticks: Sequence[float], y_ticks: Sequence[float], across: tuple[float, float], up: tuple[float, float]
) -> list[Element]:
    """Lines at the heights that are written at the left, steps below."""
    found = []
    for value in y_ticks:
        y = f"{_y(value, *up):.1f}"
        ends = {"x1": f"{LEFT:g}", "x2": f"{WIDTH - RIGHT:g}", "y1": y, "y2": y}
        found.append(node("line", {**ends, "class": "grid"}))
        found.append(node("text", {"x": f"{LEFT - 6:g}", "y": y, "dy": "4", "text-anchor": "end"}, _short(value)))
    for value in x_ticks:
        place = {"x": f"{_x(value, *across):.1f}", "y": f"{HEIGHT - BOTTOM + 16:g}", "text-anchor": "middle"}
        found.append(node("text", place, f"{value:,.10g}"))
    middle = {"x": f"{(LEFT + WIDTH - RIGHT) / 2:g}", "y": f"{HEIGHT - 3:g}", "text-anchor": "middle"}
    return [*found, node("text", middle, "step")]


def _x(value: float, low: float, high: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * ((value - low) / (high - low) if high > low else 0.5)


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * ((value - low) / (high - low) if high > low else 0.5)
