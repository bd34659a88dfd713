"""Score by size, read back from lines, bars and rings."""

from __future__ import annotations

import random

import numpy as np
import pytest

from deltalab.report.picture.canvas import save
from deltalab.report.picture.outcomes import Outcome
from deltalab.report.picture.pareto import Point, front, pareto

from .support import labels, unreadable

SCORES = {("search", "10"): (0.5, 0.6, 0.7), ("search", "100"): (0.8, 0.9, 0.7), ("random", "10"): (0.4, 0.5)}
OUTCOMES = [Outcome(n, float(b) * (1 - 0.01 * i), s, b) for (n, b), v in SCORES.items() for i, s in enumerate(v)]
SINGLE = Outcome("lora", 400.0, 0.75, None)


def drawn(figure):
    """(ppm, score, deviation) of each line by the name at its end; the deviation is None without a bar."""
    (axes,) = figure.axes
    found = {}
    for name, text in labels(axes).items():
        bars = next(b for b in axes.containers if tuple(b.lines[0].get_xydata()[-1]) == text.xy)
        halves = [
            (s[1][1] - s[0][1]) / 2 if len(s) and np.isfinite(s).all() else None
            for s in bars.lines[2][0].get_segments()
        ]
        found[name] = [(x, y, half) for (x, y), half in zip(bars.lines[0].get_xydata(), halves, strict=True)]
    return found


def rings(figure):
    return sorted(tuple(p) for line in figure.axes[0].lines if line.get_markersize() == 10 for p in line.get_xydata())


def approx(*values):
    return tuple(pytest.approx(value) for value in values)


def test_a_point_is_the_mean_over_seeds_with_its_deviation():
    found = drawn(pareto([*OUTCOMES, SINGLE], "sst", "ACC"))
    assert found == {
        "search": [approx(9.9, 60, 10), approx(99, 80, 10)],
        "random": [approx(9.95, 45, np.std([40, 50], ddof=1))],
        "lora": [(400, 75, None)],
    }


def test_scales_and_words():
    (axes,) = pareto(OUTCOMES, "sst", "ACC").axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("parameters in ppm of the backbone's", "ACC (%)")
    assert axes.get_title(loc="left").splitlines() == [
        "sst: score by size",
        "rings: the Pareto front; bars: standard deviation over seeds",
    ]
    (alone,) = pareto([SINGLE], "sst", "ACC").axes
    assert alone.get_title(loc="left").splitlines()[1] == "rings: the Pareto front"


def test_sizes_without_a_budget_part_the_points_of_a_line():
    several = [Outcome("lora", ppm, score, None) for ppm, score in ((100.0, 0.5), (100.0, 0.7), (400.0, 0.9))]
    assert drawn(pareto(several, "sst", "ACC"))["lora"] == [
        approx(100, 60, np.std([50, 70], ddof=1)),
        (400, approx(90)[0], None),
    ]


def test_rings_are_the_front_of_the_means():
    assert rings(pareto([*OUTCOMES, SINGLE], "sst", "ACC")) == [approx(9.9, 60), approx(99, 80)]


def test_full_fine_tuning_is_a_horizontal_line_and_on_no_front():
    full = [Outcome("full", 1e6, score, None) for score in (0.96, 0.98)]
    figure = pareto([*OUTCOMES, *full], "sst", "ACC")
    (axes,) = figure.axes
    heights = [tuple(line.get_ydata()) for line in axes.lines if list(line.get_xdata()) == [0, 1]]
    assert heights == [approx(97, 97)]
    assert " full fine-tuning" in [text.get_text() for text in axes.texts]
    assert set(drawn(figure)) == {"search", "random"}
    assert axes.get_xlim()[1] < 1e6
    assert not any("full" in text.get_text() for text in pareto(OUTCOMES, "sst", "ACC").axes[0].texts)


def test_what_has_no_parameters_has_no_place():
    assert set(drawn(pareto([*OUTCOMES, Outcome("frozen", 0.0, 0.99, None)], "sst", "ACC"))) == {"search", "random"}


@pytest.mark.parametrize(
    ("points", "kept"),
    [
        ([(10, 50), (20, 60), (30, 55)], [0, 1]),
        ([(10, 50), (10, 60)], [1]),
        ([(10.0, 50), (10.4, 60)], [1]),  # within 5 %
        ([(10.0, 50), (10.6, 60)], [0, 1]),
        ([(10, 50), (20, 50)], [0]),
        ([(10, 50), (10, 50)], [0, 1]),
        ([(20, 50), (10, 70)], [1]),
        ([], []),
    ],
)
def test_the_front_by_hand(points, kept):
    made = [Point(ppm, score, 0.0) for ppm, score in points]
    assert front(made) == sorted(made[i] for i in kept)


def test_the_front_is_that_of_a_sweep_where_sizes_are_far_apart():
    draw = random.Random(0)
    for _ in range(50):
        made = [Point(2.0**i, draw.randint(0, 9), 0.0) for i in range(12)]
        best, swept = -1, []
        for point in made:
            if point.score > best:
                best = point.score
                swept.append(point)
        assert front(draw.sample(made, 12)) == swept


def test_no_text_is_cut_or_covered():
    names = ("search: 4 methods", "random: 4 methods", "uniform", "sensitivity", "all", "low_rank_adapter", "lora")
    many = [Outcome(name, 10.0**k, 0.8, str(10**k)) for name in names for k in (1, 2, 3)]
    assert unreadable(pareto([*many, Outcome("full", 1e6, 0.95, None)], "sentence_paraphrase", "ACC")) == []


def test_equal_outcomes_give_equal_files(tmp_path):
    for name in "ab":
        save(pareto([*OUTCOMES, SINGLE], "sst", "ACC"), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
