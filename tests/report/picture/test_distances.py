"""Distances and errors over steps, read back from the lines."""

from __future__ import annotations

import math

import pytest

from deltalab.report.picture.canvas import save
from deltalab.report.picture.distances import distances

from .support import approximation, labels, unreadable

SIX = ("adapter", "lora", "prefix", "ia3", "bitfit", "low_rank_adapter")


def drawn(axes) -> dict[str, list[tuple[float, float]]]:
    """Points of each line, by the name at its end in the line's colour."""
    names = {text.get_color(): name for name, text in labels(axes).items()}
    return {names[line.get_color()]: [tuple(point) for point in line.get_xydata()] for line in axes.lines}


def test_every_pair_and_every_method_has_its_line():
    record = approximation()
    upper, lower = distances(record).axes
    steps = (0, 10, 20)
    for i, pair in enumerate(("adapter-lora", "adapter-prefix", "lora-prefix")):
        assert drawn(upper)[pair] == [(step, pytest.approx(1 / (1 + step + i))) for step in steps]
    for i, name in enumerate(("adapter", "lora", "prefix")):
        assert drawn(lower)[name] == [(step, pytest.approx(0.9 - 0.01 * step * (i + 1))) for step in steps]
    assert (len(upper.lines), len(lower.lines)) == (3, 3)
    assert upper.get_ylim()[0] == lower.get_ylim()[0] == 0
    assert lower.get_xlabel() == "training step"
    assert "||z - z'||" in upper.get_ylabel()
    assert "||v - up(z)|| / ||v||" in lower.get_ylabel()
    assert upper.get_title(loc="left") == "sst, d = 4"


def test_two_methods_have_one_distance():
    upper, lower = distances(approximation(("lora", "prefix"))).axes
    assert (list(drawn(upper)), list(drawn(lower))) == (["lora-prefix"], ["lora", "prefix"])


def test_one_method_has_errors_alone():
    (axes,) = distances(approximation(("lora",))).axes
    assert list(drawn(axes)) == ["lora"]
    assert axes.get_title(loc="left") == "sst, d = 4"


def test_what_is_not_finite_is_left_out():
    record = approximation()
    record["history"][2]["relative_error"] |= {"lora": math.nan}
    record["history"][1]["relative_error"] |= {"prefix": math.inf}
    for point in record["history"]:
        point["relative_error"]["adapter"] = math.nan
    found = drawn(distances(record).axes[1])
    assert {name: [x for x, _ in points] for name, points in found.items()} == {"lora": [0, 10], "prefix": [0, 20]}


def test_several_tasks_are_counted():
    record = approximation()
    record["tasks"].append({"name": "rte"})
    assert distances(record).axes[0].get_title(loc="left") == "2 tasks, d = 4"


@pytest.mark.parametrize("methods", [("lora",), ("lora", "prefix"), SIX], ids=len)
def test_no_text_is_cut_or_covered(methods):
    assert unreadable(distances(approximation(methods))) == []


def test_equal_records_give_equal_files(tmp_path):
    for name in "ab":
        save(distances(approximation()), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
