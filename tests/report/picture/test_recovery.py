"""E_rel over d, read back from lines and error bars."""

from __future__ import annotations

import numpy as np
import pytest

from deltalab.report.picture.canvas import save
from deltalab.report.picture.recovery import recovery

from .support import labels, optimization, square, unreadable

PAIR = ("lora", "prefix")


def pair(diagonal: tuple, rest: tuple, dim: int, task: str = "sst") -> dict:
    return optimization(square(diagonal[0], rest[0], rest[1], diagonal[1], methods=PAIR), dim, task)


def drawn(figure) -> dict[str, list[tuple[float, float, float | None]]]:
    """(d, mean, deviation) of each line by the name at its end; without a bar the deviation is None."""
    (axes,) = figure.axes
    found = {}
    for name, text in labels(axes).items():
        bars = next(b for b in axes.containers if tuple(b.lines[0].get_xydata()[-1]) == text.xy)
        half = {
            round(s[0][0], 6): (s[1][1] - s[0][1]) / 2
            for s in bars.lines[2][0].get_segments()
            if len(s) and np.isfinite(s).all()
        }
        found[name] = [(x, y, half.get(round(x, 6))) for x, y in bars.lines[0].get_xydata()]
    return found


def test_the_diagonal_is_optimization_and_the_rest_transfer():
    figure = recovery({"learned": [pair((80, 90), (50, 70), 8), pair((60, 70), (20, 30), 2)]})
    assert drawn(figure) == {
        "optimization": [(2, 65, None), (8, 85, None)],
        "transfer": [(2, 25, None), (8, 60, None)],
    }
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2", "8"]
    assert list(axes.get_xticks()) == [2, 8]
    assert not list(axes.get_xticks(minor=True))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("dimension d of the subspace", "E_rel (%)")
    assert axes.get_title(loc="left") == "sst: E_rel by d"


def test_optimization_is_solid_and_transfer_dashed():
    (axes,) = recovery({"learned": [pair((80, 90), (50, 70), 8)]}).axes
    assert [bars.lines[0].get_linestyle() for bars in axes.containers] == ["-", "--"]


def test_records_of_one_d_are_averaged_with_their_deviation():
    records = [pair((a, a), (b, b), 4) for a, b in ((80, 50), (90, 60), (130, 61))] + [pair((95, 95), (85, 85), 16)]
    figure = recovery({"learned": records})
    for name, values, last in (("optimization", [80, 90, 130], 95), ("transfer", [50, 60, 61], 85)):
        assert drawn(figure)[name] == [
            (4, pytest.approx(np.mean(values)), pytest.approx(np.std(values, ddof=1))),
            (16, last, None),
        ]
    assert figure.axes[0].get_title(loc="left").splitlines()[1:] == ["bars: standard deviation over records"]


def test_every_kind_has_its_lines_and_colour():
    kinds = {"learned": [pair((80, 90), (50, 70), 4, "rte")], "fastfood": [pair((60, 60), (30, 40), 4)]}
    figure = recovery(kinds)
    assert drawn(figure) == {
        "learned: optimization": [(4, 85, None)],
        "learned: transfer": [(4, 60, None)],
        "fastfood: optimization": [(4, 60, None)],
        "fastfood: transfer": [(4, 35, None)],
    }
    colours = {name: text.get_color() for name, text in labels(figure.axes[0]).items()}
    assert colours["learned: optimization"] == colours["learned: transfer"] != colours["fastfood: transfer"]
    assert figure.axes[0].get_title(loc="left") == "2 tasks: E_rel by d"


def test_what_is_undefined_does_not_count():
    figure = recovery({"learned": [pair((80, None), (None, 70), 4), pair((None, None), (40, 50), 8)]})
    assert drawn(figure) == {"optimization": [(4, 80, None)], "transfer": [(4, 70, None), (8, 45, None)]}


def test_nothing_defined_is_said():
    figure = recovery({"learned": [pair((None, None), (None, None), d) for d in (2, 8)]})
    (axes,) = figure.axes
    assert drawn(figure) == {}
    assert axes.get_title(loc="left").splitlines()[1:] == ["optimization: undefined", "transfer: undefined"]
    assert list(axes.get_xticks()) == [2, 8]


def test_one_method_alone_has_no_transfer():
    figure = recovery({"learned": [optimization({"lora": {"lora": 120.0}}, 4)]})
    assert drawn(figure) == {"optimization": [(4, 120, None)]}
    assert figure.axes[0].get_title(loc="left") == "sst: E_rel by d"


def test_no_text_is_cut_or_covered():
    kinds = {name: [pair((80, 81), (80, 82), d) for d in (2, 100, 100)] for name in ("learned", "fastfood", "svd")}
    assert unreadable(recovery(kinds)) == []


def test_equal_records_give_equal_files(tmp_path):
    for name in "ab":
        save(recovery({"learned": [pair((80, 90), (50, 70), d) for d in (2, 4, 4)]}), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
