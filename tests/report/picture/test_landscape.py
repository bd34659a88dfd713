"""The mixing simplex as it is drawn: places, colours, stars and names."""

from __future__ import annotations

import math

import numpy as np
import pytest

from deltalab.errors import UserError
from deltalab.report.picture.canvas import save
from deltalab.report.picture.landscape import landscape

from . import support
from .support import METHODS, approximation, labels, unreadable

PAIR = ("lora", "prefix")
LONG = ("adapter_pfeiffer", "low_rank_adapter", "prefix_direct")


def linear(name: str, weights: list[float]) -> float:
    """A plane for each method, highest at its own corner."""
    return 0.1 + 0.2 * weights[0] + 0.1 * weights[-1] + 0.5 * weights[METHODS.index(name) % len(weights)]


def bent(name: str, weights: list[float]) -> float:
    """A hill off the corners, at (0.5, 0.25, 0.25)."""
    return 0.9 - (weights[0] - 0.5) ** 2 - (weights[1] - 0.25) ** 2 - 0.1 * METHODS.index(name)


def record(score, resolution: int, methods=METHODS) -> dict:
    return approximation(methods, support.landscape(score, resolution, methods))


def place(weights: list[float]) -> tuple[float, float]:
    """Where weights lie in a triangle with corners (0, 0), (1, 0) and above: barycentric coordinates."""
    return weights[1] + weights[2] / 2, weights[2] * math.sin(math.pi / 3)


def test_grid_points_lie_at_their_barycentric_places():
    made = record(linear, 4)
    figure = landscape(made)
    expected = [place(point["weights"]) for point in made["landscape"]["points"]]
    assert len(expected) == 15
    for axes in figure.axes[:3]:
        assert axes.lines[0].get_xydata() == pytest.approx(np.array(expected))


@pytest.mark.parametrize(("resolution", "precision"), [(1, float), (8, float), (6, np.float32), (10, np.float32)])
def test_colours_are_linear_between_the_points(resolution, precision):
    made = record(linear, resolution)
    for point in made["landscape"]["points"]:
        point["weights"] = [float(precision(weight)) for weight in point["weights"]]
    figure = landscape(made)
    for name, axes in zip(METHODS, figure.axes[:3], strict=True):
        (mesh,) = axes.collections
        grid = mesh._triangulation
        third = grid.y / math.sin(math.pi / 3)
        second = grid.x - third / 2
        weights = np.stack([1 - second - third, second, third])
        used = np.unique(grid.get_masked_triangles())
        expected = 100 * np.array([linear(name, list(w)) for w in weights[:, used].T])
        assert np.asarray(mesh.get_array())[used] == pytest.approx(expected)
        a, b, c = (np.stack([grid.x, grid.y], 1)[corner] for corner in grid.get_masked_triangles().T)
        (ux, uy), (vx, vy) = (b - a).T, (c - a).T
        areas = abs(ux * vy - uy * vx) / 2
        assert areas.sum() == pytest.approx(math.sqrt(3) / 4)  # the whole triangle is covered
        assert areas.min() == pytest.approx(areas.max(), rel=1e-3)  # by equal pieces, none flat


def test_colours_meet_the_scores_at_the_points():
    made = record(bent, 4)
    for name, axes in zip(METHODS, landscape(made).axes[:3], strict=True):
        (mesh,) = axes.collections
        values = {
            (round(x, 6), round(y, 6)): v
            for x, y, v in zip(mesh._triangulation.x, mesh._triangulation.y, mesh.get_array(), strict=True)
        }
        for point in made["landscape"]["points"]:
            x, y = place(point["weights"])
            assert values[round(x, 6), round(y, 6)] == pytest.approx(100 * bent(name, point["weights"]))


def test_all_triangles_share_one_scale_with_its_unit():
    made = record(bent, 4)
    figure = landscape(made)
    every = [100 * score for point in made["landscape"]["points"] for score in point["scores"].values()]
    for axes in figure.axes[:3]:
        assert axes.collections[0].get_clim() == pytest.approx((min(every), max(every)))
    assert figure.axes[3].get_xlabel() == "ACC (%)"


def test_corners_and_triangles_are_named():
    figure = landscape(record(linear, 2))
    for name, axes in zip(METHODS, figure.axes[:3], strict=True):
        assert axes.get_title().splitlines()[:2] == ["decoded as", name]
        at = {text.get_text(): text.get_position() for text in axes.texts}
        for method, weights in zip(METHODS, ([1, 0, 0], [0, 1, 0], [0, 0, 1]), strict=True):
            assert math.dist(at[method], place(weights)) < 0.15
    assert figure.get_suptitle() == "sst, d = 4: score of mixed codes"


@pytest.mark.parametrize(("score", "weights"), [(linear, None), (bent, [0.5, 0.25, 0.25])])
def test_a_star_marks_the_best_point(score, weights):
    for i, axes in enumerate(landscape(record(score, 4)).axes[:3]):
        best = weights or [float(i == j) for j in range(3)]
        ((x, y),) = axes.lines[1].get_xydata()
        assert (x, y) == pytest.approx(place(best))
        assert axes.get_title().splitlines()[2] == f"best {100 * score(METHODS[i], best):.1f}"


def test_equally_good_points_are_all_marked_but_not_a_plain():
    figure = landscape(record(lambda name, w: 0.5 if name == "lora" else max(w), 2))
    assert [len(axes.lines[1].get_xydata()) for axes in figure.axes[:3]] == [3, 0, 3]


def test_two_methods_are_lines_over_the_weight_of_the_first():
    figure = landscape(record(lambda name, w: (0.9 if name == "lora" else 0.7) * w[0] ** 2, 4, PAIR))
    (axes,) = figure.axes
    shares = [0, 0.25, 0.5, 0.75, 1]
    colours = {name: text.get_color() for name, text in labels(axes).items()}
    assert list(colours) == ["decoded as lora", "decoded as prefix"]
    for line, top, name in zip(axes.lines[:2], (90, 70), colours, strict=True):
        assert line.get_xydata() == pytest.approx(np.array([(share, top * share**2) for share in shares]))
        assert line.get_color() == colours[name]
    assert [line.get_xydata().tolist() for line in axes.lines[2:]] == [
        [[1, pytest.approx(90)]],
        [[1, pytest.approx(70)]],
    ]
    assert axes.get_xlabel() == "weight of lora's code, the rest prefix's"
    assert axes.get_ylabel() == "ACC (%)"


@pytest.mark.parametrize("methods", [("lora",), (*METHODS, "ia3")], ids=len)
def test_other_numbers_of_methods_are_refused(methods):
    made = record(lambda name, w: 0.5, 2, methods)
    with pytest.raises(UserError, match=rf"^landscape of {len(methods)} methods.*lora.*for two or three methods$"):
        landscape(made)


@pytest.mark.parametrize("methods", [PAIR, METHODS, LONG])
def test_no_text_is_cut_or_covered(methods):
    assert unreadable(landscape(record(lambda name, w: w[0], 4, methods))) == []


def test_equal_records_give_equal_files(tmp_path):
    for name in "ab":
        save(landscape(record(bent, 5)), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
