"""Records as runs write them, and what can be read back from a figure."""

from __future__ import annotations

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

METHODS = ("adapter", "lora", "prefix")


def optimization(e_rel: dict[str, dict[str, float | None]], dim: int = 4, task: str = "sst") -> dict:
    """A record of optimization with these E_rel; all its other scores are 0.5."""
    targets = list(dict.fromkeys(target for row in e_rel.values() for target in row))
    return {
        "stage": "optimize",
        "task": {"name": task},
        "methods": targets,
        "dim": dim,
        "metric": "ACC",
        "e_orig": dict.fromkeys(targets, 0.5),
        "e_full": None,
        "e_sub": {source: dict.fromkeys(row, 0.5) for source, row in e_rel.items()},
        "e_rel": e_rel,
    }


def square(*values: float | None, methods: tuple[str, ...] = METHODS) -> dict[str, dict[str, float | None]]:
    """E_rel row after row."""
    rows = [values[i : i + len(methods)] for i in range(0, len(values), len(methods))]
    return {source: dict(zip(methods, row, strict=True)) for source, row in zip(methods, rows, strict=False)}


def approximation(methods: tuple[str, ...] = METHODS, landscape: dict | None = None) -> dict:
    """A record of approximation whose distances and errors are simple functions of the step."""
    pairs = [f"{a}-{b}" for a, b in combinations(methods, 2)]
    history = [
        {
            "step": step,
            "score": 0.5,
            "distance": {pair: 1 / (1 + step + i) for i, pair in enumerate(pairs)},
            "relative_error": {name: 0.9 - 0.01 * step * (i + 1) for i, name in enumerate(methods)},
        }
        for step in (0, 10, 20)
    ]
    tasks = [{"name": "sst", "metric": "ACC", "points": {}}]
    return {
        "stage": "approximate",
        "dim": 4,
        "methods": list(methods),
        "tasks": tasks,
        "history": history,
        "landscape": landscape,
    }


def landscape(score, resolution: int, methods: tuple[str, ...] = METHODS) -> dict:
    """A landscape with `score(method, weights)` at every grid point."""
    points = []
    for weights in _grid(len(methods), resolution):
        shares = [weight / resolution for weight in weights]
        points.append({"weights": shares, "scores": {name: score(name, shares) for name in methods}})
    return {"task": "sst", "metric": "ACC", "resolution": resolution, "points": points}


def _grid(parts: int, total: int) -> list[tuple[int, ...]]:
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in _grid(parts - 1, total - first)]


def labels(axes) -> dict[str, Annotation]:
    """The names at the ends of lines."""
    return {text.get_text(): text for text in axes.texts if isinstance(text, Annotation)}


def texts(figure: Figure) -> list[Text]:
    """Every text that is drawn; ticks outside of the scale are not."""
    found = list(figure.texts) if figure._suptitle is None else [figure._suptitle]
    for axes in figure.axes:
        found += [*axes.texts, axes.title, axes._left_title]
        for axis in (axes.xaxis, axes.yaxis):
            if axes.axison:
                low, high = sorted(axis.get_view_interval())
                ticks = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
                found += [axis.label, *(label for label in ticks if label.get_visible())]
    return [text for text in found if text.get_text().strip()]


def unreadable(figure: Figure) -> list[str]:
    """Texts that are cut off by the figure's edge or lie on another."""
    figure.draw_without_rendering()
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts(figure)]
    width, height = figure.bbox.size
    cut = [name for name, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
    return cut + [f"{a} / {b}" for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]
