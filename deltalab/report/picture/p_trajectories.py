"""How a search made up its mind: p of every unit over its steps."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deltalab.delta.candidates import UnitName
from deltalab.report.picture.canvas import SMALL, Colour, blank, open_frame, settled, shades
from deltalab.report.picture.labels import End, label_ends
from deltalab.report.picture.searched import Searched

__all__ = ["p_trajectories"]

_NAMED = 6


def p_trajectories(found: Searched) -> Figure:
    """p over steps, a panel for each method: the units of the structure coloured, all others grey.

    The likeliest of the chosen ones are named; a dotted line stands at the selected evaluation.
    """
    methods = list(dict.fromkeys(unit.method for unit in found.units))
    figure = blank(0.9 + 1.7 * len(methods))
    panels = figure.subplots(len(methods), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    panels[0].set_ylim(0, 1.05 * max(float(found.p.max()), 1e-9))
    for axes, method, colour in zip(panels, methods, shades(len(methods)), strict=True):
        _panel(axes, found, [i for i, unit in enumerate(found.units) if unit.method == method], colour)
    panels[-1].set_xlabel("training step")
    title = f"{found.task}: p of {len(found.units)} units; coloured: chosen at step {found.steps[found.selected]}"
    figure.suptitle(title, fontsize=SMALL + 1)
    return settled(figure)


def _panel(axes: Axes, found: Searched, members: Sequence[int], colour: Colour) -> None:
    chosen = [i for i in members if i in set(found.chosen)]
    rest = [i for i in members if i not in set(chosen)]
    mark = "." if len(found.steps) == 1 else None
    if rest:
        axes.plot(found.steps, found.p[:, rest], color="0.6", alpha=0.5, linewidth=0.5, marker=mark, zorder=1)
    if chosen:
        axes.plot(found.steps, found.p[:, chosen], color=colour, linewidth=1, marker=mark, zorder=2)
    axes.axvline(found.steps[found.selected], color="0.4", linestyle=":", linewidth=1, zorder=0)
    method = found.units[members[0]].method
    axes.set_title(f"{method}: {len(chosen)} of {len(members)}", loc="left", fontsize=SMALL)
    axes.set_ylabel("p")
    open_frame(axes)
    likeliest = sorted(chosen, key=lambda i: -found.p[found.selected, i])[:_NAMED]
    label_ends(axes, [End(found.steps[-1], found.p[-1, i], _name(found.units[i]), colour) for i in likeliest])


def _name(unit: UnitName) -> str:
    layer = "" if unit.layer is None else f" {unit.layer}"
    return f"{unit.role} {unit.side[:3]}{layer}" + (f" ({unit.part + 1})" if unit.part else "")
