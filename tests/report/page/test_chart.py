"""Lines in a small chart: where their points are, and its scales."""

from __future__ import annotations

import math

import numpy as np
import pytest

from deltalab.report.page.chart import COLOURS, chart, ticks


@pytest.mark.parametrize("low", [-3.0, 0.0, 0.123, 1e-5, 41.0])
@pytest.mark.parametrize("width", [1e-6, 0.02, 1.0, 7.3, 1e5])
def test_ticks_are_round_inside_and_a_few(low, width):
    found = ticks(low, low + width, 4)
    assert 1 <= len(found) <= 6
    assert all(low - 1e-6 * width <= tick <= low + width * (1 + 1e-6) for tick in found)
    gaps = np.diff(found)
    if len(gaps):
        assert gaps == pytest.approx(np.full(len(gaps), gaps[0]), rel=1e-3)
        assert min(abs(gaps[0] / 10 ** math.floor(math.log10(gaps[0] * 1.001)) - k) for k in (1, 2, 5)) < 0.01


def test_points_lie_on_one_scale_for_all_lines():
    lines = {"a": [(0.0, 1.0), (10.0, 3.0), (20.0, 2.0)], "b": [(5.0, 1.5), (15.0, 2.5)]}
    drawn = [p.get("points") for p in chart("train/loss", lines).iter("polyline")]
    places = np.array([[float(v) for v in pair.split(",")] for text in drawn for pair in text.split()])
    data = np.array([point for line in lines.values() for point in line])
    for axis in (0, 1):
        slope, offset = np.polyfit(data[:, axis], places[:, axis], 1)
        assert places[:, axis] == pytest.approx(slope * data[:, axis] + offset, abs=0.11)
        assert slope * (1 - 2 * axis) > 0  # steps go right, values up


def test_written_heights_are_those_of_their_lines():
    made = chart("x", {"a": [(0.0, 0.0), (1.0, 100.0)]})
    (line,) = made.iter("polyline")
    (_, low), (_, high) = ([float(v) for v in pair.split(",")] for pair in line.get("points").split())
    marks = [(float(t.get("y")), float(t.text)) for t in made.iter("text") if t.get("text-anchor") == "end"]
    assert [value for _, value in marks] == [0.0, 50.0, 100.0]
    for y, value in marks:
        assert y == pytest.approx(low + (high - low) * value / 100, abs=0.11)


def test_a_constant_curve_is_drawn_in_the_middle():
    (line,) = chart("x", {"a": [(3.0, 5.0), (3.0, 5.0)]}).iter("polyline")
    assert all(math.isfinite(float(v)) for pair in line.get("points").split() for v in pair.split(","))


def test_several_lines_are_told_apart_by_a_legend():
    names = [f"line {i}" for i in range(COLOURS + 2)]
    made = chart("x", {name: [(0.0, 0.0), (1.0, 1.0)] for name in names})
    legend = {item.text: item.get("class") for item in made.iter("li")}
    assert list(legend) == names
    assert len(set(legend.values())) == len(names)
    assert [p.get("class") for p in made.iter("polyline")] == list(legend.values())
    assert list(chart("x", {"lone": [(0.0, 0.0), (1.0, 1.0)]}).iter("li")) == []
