"""p over steps, read back from lines."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from deltalab.report.picture.canvas import save
from deltalab.report.picture.p_trajectories import p_trajectories
from deltalab.report.picture.searched import Searched

from .searches import mix
from .support import labels, unreadable

GREY = to_rgba("0.6")[:3]


def made(layers=2, steps=4, chosen=(0, 3, 20), selected=1):
    units = mix(layers)
    p = np.random.default_rng(0).random((steps, len(units)))
    return Searched("sst", units, [10 * (i + 1) for i in range(steps)], p, selected, list(chosen))


def lines(axes, steps):
    """The coloured and the grey lines, as tuples of p."""
    found = [line for line in axes.lines if len(line.get_xdata()) == steps]
    grey = [to_rgba(line.get_color())[:3] == GREY for line in found]
    values = [tuple(line.get_ydata()) for line in found]
    return {v for v, g in zip(values, grey, strict=True) if not g}, {v for v, g in zip(values, grey, strict=True) if g}


def test_each_method_has_a_panel_where_the_chosen_are_coloured_and_the_others_grey():
    found = made()
    figure = p_trajectories(found)
    methods = list(dict.fromkeys(unit.method for unit in found.units))
    assert len(figure.axes) == len(methods) == 4
    for axes, method in zip(figure.axes, methods, strict=True):
        members = [i for i, unit in enumerate(found.units) if unit.method == method]
        coloured, grey = lines(axes, 4)
        assert coloured == {tuple(found.p[:, i]) for i in members if i in found.chosen}
        assert grey == {tuple(found.p[:, i]) for i in members if i not in found.chosen}
        title = f"{method}: {sum(i in found.chosen for i in members)} of {len(members)}"
        assert axes.get_title(loc="left") == title


def test_the_selected_evaluation_is_marked():
    for axes in p_trajectories(made(selected=2)).axes:
        assert [list(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2] == [[30, 30]]


def test_the_likeliest_of_the_chosen_are_named_at_their_ends():
    found = made(chosen=range(9))
    named = labels(p_trajectories(found).axes[0])
    likeliest = sorted(range(9), key=lambda i: -found.p[1, i])[:6]
    units = [found.units[i] for i in likeliest]
    assert set(named) == {f"{unit.role} {unit.side[:3]} {unit.layer}" for unit in units}
    assert {text.xy for text in named.values()} == {(40, found.p[3, i]) for i in likeliest}


@pytest.mark.parametrize(("layers", "steps"), [(2, 1), (24, 5)])
def test_no_text_is_cut_or_covered(layers, steps):
    found = made(layers, steps, chosen=range(0, 38 * layers, 7), selected=0)
    assert unreadable(p_trajectories(found)) == []


def test_equal_searches_give_equal_files(tmp_path):
    for name in "ab":
        save(p_trajectories(made()), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
