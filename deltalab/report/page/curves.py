"""The learning curves that a run left in csv/metrics.csv."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from deltalab.errors import UserError

__all__ = ["MOST", "curves"]

MOST = 200
"""Points of a curve that are drawn; of more, every n-th and the last."""

Curve = Sequence[tuple[float, float]]


def curves(folder: Path) -> dict[str, dict[str, Curve]]:
    """Curves of (step, value) by chart and name: column `train/loss/lora` is "lora" in chart "train/loss".

    Columns of training and dev, those with two finite points or more; none where the run kept none. Raises `UserError`
    for a damaged file.
    """
    path = folder / "csv" / "metrics.csv"
    if not path.is_file():
        return {}
    found: dict[str, dict[str, list[tuple[float, float]]]] = {}
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            for line in csv.DictReader(lines, strict=True):
                _add(found, line)
    except (OSError, ValueError, csv.Error) as error:
        raise UserError(f"{path}: damaged ({error})") from error
    charts = {
        chart: {name: _thinned(points) for name, points in named.items() if len(points) > 1}
        for chart, named in sorted(found.items())
    }
    return {chart: named for chart, named in charts.items() if named}


def _add(found: dict[str, dict[str, list[tuple[float, float]]]], line: Mapping[str | None, str | None]) -> None:
    """The cells of a line that belong to a curve."""
    for column, text in line.items():
        parts = (column or "").split("/")
        if text and parts[0] in ("train", "dev", "search") and len(parts) > 1:
            step, value = float(line.get("step") or "nan"), float(text)
            if math.isfinite(step) and math.isfinite(value):
                chart, name = "/".join(parts[:2]), "/".join(parts[2:]) or parts[1]
                found.setdefault(chart, {}).setdefault(name, []).append((step, value))


def _thinned(points: Curve) -> Curve:
    every = math.ceil(len(points) / MOST)
    return points if every == 1 else [*points[:-1:every], points[-1]]
