"""Which method's code serves which method: E_rel of every source decoded as every target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from deltalab.report.picture.canvas import COLOURS, WIDTH, Record, blank, over_lines, readable, settled, subject
from deltalab.report.relative import mean_relative

__all__ = ["heatmap"]

Cells = dict[tuple[str, str], list[float | None]]


def heatmap(records: Record | Sequence[Record]) -> Figure:
    """E_rel (%) by source (rows) and target (columns) of a record of optimization, or its mean over several records.

    The mean is over the records in which a cell is defined; where that is not all of them, the cell says how many.
    Colours run from 0 to 100 and on to what is beyond; cells that no record has stay empty.
    """
    several = [records] if isinstance(records, Mapping) else list(records)
    cells = _cells(several)
    sources, targets = (_ordered(several, {place[side] for place in cells}) for side in (0, 1))
    means = [mean for mean in map(mean_relative, cells.values()) if mean is not None]
    norm = Normalize(min([0.0, *means]), max([100.0, *means]))
    figure = blank(1.7 + 0.6 * len(sources), max(WIDTH, 1.4 + 0.85 * len(targets)))
    axes = figure.add_subplot()
    for (source, target), values in cells.items():
        _cell(axes, targets.index(target), sources.index(source), values, norm, framed=source == target)
    _names(axes, sources, targets)
    axes.set_title(_title(several), loc="left", fontsize=11)
    return settled(figure)


def _cells(records: Sequence[Record]) -> Cells:
    """E_rel of every record by (source, target)."""
    found: Cells = {}
    for record in records:
        for source, row in record["e_rel"].items():
            for target, value in row.items():
                found.setdefault((source, target), []).append(value)
    return found


def _ordered(records: Sequence[Record], present: set[str]) -> list[str]:
    """Those methods that are present, in the order of the records."""
    return [name for name in dict.fromkeys(name for r in records for name in r["methods"]) if name in present]


def _cell(axes: Axes, column: int, row: int, values: Sequence[float | None], norm: Normalize, framed: bool) -> None:
    """One cell with its number; where it is undefined, hatched."""
    mean, defined = mean_relative(values), sum(value is not None for value in values)
    place = (column - 0.5, row - 0.5)
    colour = (1.0, 1.0, 1.0, 1.0) if mean is None else COLOURS(norm(mean))
    hatch = "///" if mean is None else None
    ink, ground = readable(colour), {"facecolor": colour, "edgecolor": "none", "pad": 2}
    axes.add_patch(Rectangle(place, 1, 1, facecolor=colour, edgecolor="0.7", linewidth=0, hatch=hatch))
    axes.add_patch(Rectangle(place, 1, 1, fill=False, edgecolor="white", linewidth=3))
    if framed:
        axes.add_patch(Rectangle((column - 0.45, row - 0.43), 0.9, 0.86, fill=False, edgecolor=ink, linewidth=2))
    text = "undefined" if mean is None else f"{mean:.1f}"
    if 0 < defined < len(values):
        text += f"\n{defined} of {len(values)}"
    axes.text(column, row, text, ha="center", va="center", color=ink, bbox=ground)


def _names(axes: Axes, sources: Sequence[str], targets: Sequence[str]) -> None:
    axes.set(xlim=(-0.5, len(targets) - 0.5), ylim=(len(sources) - 0.5, -0.5))
    axes.set_xticks(range(len(targets)), [over_lines(name) for name in targets])
    axes.set_yticks(range(len(sources)), [over_lines(name) for name in sources])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("target: the code decoded as\n(framed: optimization, the source itself)")
    axes.set_ylabel("source:\nthe code tuned as")


def _title(records: Sequence[Record]) -> str:
    task = subject(record["task"]["name"] for record in records)
    dims = ", ".join(str(dim) for dim in sorted({record["dim"] for record in records}))
    metrics = ", ".join(sorted({record["metric"] for record in records}))
    mean = f", mean over n = {len(records)} records" if len(records) > 1 else ""
    return f"{task}, d = {dims}: E_rel (%) of {metrics}{mean}"
