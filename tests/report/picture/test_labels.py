"""Names at the ends of lines keep apart and keep to their lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.text import Text
from sklearn.isotonic import IsotonicRegression

from deltalab.report.picture.canvas import blank, shades
from deltalab.report.picture.labels import End, label_ends, spread

from .support import labels


@pytest.mark.parametrize("seed", range(5))
def test_places_are_the_nearest_ones_that_keep_apart(seed):
    places, gap = np.random.default_rng(seed).uniform(0, 10, 8), 1.0
    order = places.argsort()
    steps = gap * np.arange(8)
    best = IsotonicRegression(y_min=0.0, y_max=10.0 - steps[-1]).fit_transform(np.arange(8), places[order] - steps)
    assert spread(places, gap, 0.0, 10.0)[order] == pytest.approx(best + steps)


def test_places_far_enough_apart_stay():
    assert list(spread([5.0, 1.0, 3.0], 1.0, 0.0, 6.0)) == [5.0, 1.0, 3.0]


def test_equal_places_part_around_their_middle():
    assert list(spread([3.0, 3.0], 1.0, 0.0, 6.0)) == [2.5, 3.5]


def test_places_that_do_not_fit_go_on_below():
    assert list(spread([1.0, 2.0, 3.0], 2.0, 0.0, 3.0)) == [-1.0, 1.0, 3.0]


def test_labels_stand_apart_in_colour_and_tied_to_their_ends():
    figure = blank(3.0)
    axes = figure.add_subplot()
    ends = [End(1.0, y, name, colour) for y, name, colour in zip((2.0, 2.01, 0.0), "abc", shades(3), strict=True)]
    for end in ends:
        axes.plot([0, 1], [1, end.y], color=end.colour)
    before = axes.get_ylim()
    label_ends(axes, ends)
    figure.draw_without_rendering()
    found = labels(axes)
    boxes = [Text.get_window_extent(found[name]) for name in "cab"]
    assert all(lower.y1 <= upper.y0 for lower, upper in pairwise(boxes))
    assert all(box.x0 >= axes.bbox.x1 for box in boxes)
    assert {name: (text.xy, text.get_color()) for name, text in found.items()} == {
        end.name: ((end.x, end.y), end.colour) for end in ends
    }
    assert axes.get_ylim() == before


def test_no_lines_have_no_labels():
    axes = blank(3.0).add_subplot()
    label_ends(axes, [])
    assert not labels(axes)
