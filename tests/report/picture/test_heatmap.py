"""The matrix of E_rel as it is drawn: numbers, colours, hatches and frames."""

from __future__ import annotations

import pytest
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from deltalab.report.picture.canvas import save
from deltalab.report.picture.heatmap import heatmap

from .support import optimization, square, unreadable

VALUES = (84.5, 71.25, 120.0, 60.0, 90.0, None, 33.0, 10.0, None)
LONG = ("adapter_pfeiffer", "low_rank_adapter", "prefix_direct")
SIX = ("adapter", "lora", "prefix", "ia3", "bitfit", "low_rank_adapter")


def rows(figure: Figure) -> list[list[str]]:
    """The texts of the cells where they stand; an empty cell is ""."""
    (axes,) = figure.axes
    found = {text.get_position(): text.get_text() for text in axes.texts}
    across, down = len(axes.get_xticks()), len(axes.get_yticks())
    return [[found.get((column, row), "") for column in range(across)] for row in range(down)]


def patches(figure: Figure) -> list[Rectangle]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]


def names(figure: Figure) -> tuple[list[str], list[str]]:
    (axes,) = figure.axes
    return [t.get_text() for t in axes.get_yticklabels()], [t.get_text() for t in axes.get_xticklabels()]


def centre(patch: Rectangle) -> tuple[float, float]:
    return round(patch.get_x() + patch.get_width() / 2, 9), round(patch.get_y() + patch.get_height() / 2, 9)


def test_numbers_stand_in_their_cells_also_above_100():
    figure = heatmap(optimization(square(*VALUES)))
    assert rows(figure) == [["84.5", "71.2", "120.0"], ["60.0", "90.0", "undefined"], ["33.0", "10.0", "undefined"]]
    assert names(figure) == (["adapter", "lora", "prefix"], ["adapter", "lora", "prefix"])
    assert figure.axes[0].yaxis_inverted()
    assert figure.axes[0].get_title(loc="left") == "sst, d = 4: E_rel (%) of ACC"


def test_what_is_undefined_is_hatched_and_nothing_else():
    figure = heatmap(optimization(square(*VALUES)))
    assert {centre(patch) for patch in patches(figure) if patch.get_hatch()} == {(2, 1), (2, 2)}


def test_the_diagonal_is_framed_and_said_to_be_optimization():
    figure = heatmap(optimization(square(*VALUES)))
    framed = [patch for patch in patches(figure) if not patch.get_fill() and patch.get_width() < 1]
    assert sorted(map(centre, framed)) == [(0, 0), (1, 1), (2, 2)]
    assert "framed: optimization" in figure.axes[0].get_xlabel()


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [((50.0, 75.0, 80.0, 100.0), 0, 100), ((50.0, 75.0, 0.0, 160.0), 0, 160), ((-20.0, 75.0, 0.0, 100.0), -20, 100)],
)
def test_colours_run_from_0_to_100_and_on_to_what_is_beyond(values, low, high):
    figure = heatmap(optimization(square(*values, methods=("lora", "prefix"))))
    cells = {centre(patch): patch.get_facecolor() for patch in patches(figure) if patch.get_fill()}
    for value, place in zip(values, [(0, 0), (1, 0), (0, 1), (1, 1)], strict=True):
        assert cells[place] == pytest.approx(colormaps["viridis"]((value - low) / (high - low)), abs=0.02)


def test_text_is_light_on_dark_and_dark_on_light():
    figure = heatmap(optimization(square(0.0, 100.0, 100.0, 0.0, methods=("lora", "prefix"))))
    assert [text.get_color() for text in figure.axes[0].texts] == ["white", "black", "black", "white"]


def test_one_source_is_one_row():
    figure = heatmap(optimization({"lora": {"adapter": 50.0, "lora": 90.0, "prefix": None}}))
    assert (rows(figure), names(figure)[0]) == ([["50.0", "90.0", "undefined"]], ["lora"])
    framed = [patch for patch in patches(figure) if not patch.get_fill() and patch.get_width() < 1]
    assert [centre(patch) for patch in framed] == [(1, 0)]


def test_nothing_defined_is_drawn_as_such():
    figure = heatmap(optimization(square(*[None] * 9)))
    assert rows(figure) == [["undefined"] * 3] * 3


def test_the_mean_over_records_leaves_out_what_is_undefined_and_says_so():
    pair = ("lora", "prefix")
    records = [
        optimization(square(80.0, None, None, 0.0, methods=pair)),
        optimization(square(90.0, 30.0, None, 60.0, methods=pair), task="rte"),
        optimization({"lora": {"lora": 130.0, "prefix": 50.0}}),
    ]
    figure = heatmap(records)
    assert rows(figure) == [["100.0", "40.0\n2 of 3"], ["undefined", "30.0"]]
    assert figure.axes[0].get_title(loc="left") == "2 tasks, d = 4: E_rel (%) of ACC, mean over n = 3 records"


def test_cells_that_no_record_has_stay_empty():
    first = optimization({"lora": {"lora": 80.0, "prefix": 70.0}})
    second = optimization({"prefix": {"prefix": 60.0}})
    assert rows(heatmap([first, second])) == [["80.0", "70.0"], ["", "60.0"]]


@pytest.mark.parametrize("methods", [("lora", "prefix"), LONG, SIX], ids=len)
@pytest.mark.parametrize("sources", [1, 2])
def test_no_text_is_cut_or_covered(methods, sources):
    record = optimization(square(*[None] * (sources * len(methods)), methods=methods))
    assert unreadable(heatmap(record)) == []


def test_equal_records_give_equal_files(tmp_path):
    for name in "ab":
        save(heatmap(optimization(square(*VALUES))), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
