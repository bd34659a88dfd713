"""The table of an approximation says what was judged, and is blank elsewhere."""

from __future__ import annotations

import pytest

from deltalab.report.subspace_table import print_approximation


def record(points, e_orig):
    task = {"name": "t", "metric": "ACC", "points": points, "e_orig": e_orig}
    return {"methods": ["lora", "ia3"], "dim": 4, "seconds": 1.0, "tasks": [task]}


def rows(capsys):
    """The cells of every method's row, without the task."""
    lines = capsys.readouterr().out.splitlines()
    cells = ([cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│"))
    return {row[1]: row[2:] for row in cells}


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")


def test_shared_codes_fill_the_table(capsys):
    values = {"lora": 0.25, "ia3": 0.5, "centroid": 0.125}
    print_approximation(record({"lora": values, "ia3": values}, {"lora": 1.0, "ia3": 0.75}))
    shown = ["25.0", "50.0", "12.5"]
    assert rows(capsys) == {"lora": ["100.0", *shown], "ia3": ["75.0", *shown]}


def test_unshared_codes_leave_the_other_methods_blank(capsys):
    print_approximation(record({"lora": {"lora": 0.25}, "ia3": {"ia3": 0.0}}, {"lora": 1.0, "ia3": 0.75}))
    assert rows(capsys) == {"lora": ["100.0", "25.0", ""], "ia3": ["75.0", "", "0.0"]}


def test_without_solutions_e_orig_is_blank(capsys):
    print_approximation(record({"lora": {"code": 0.25}, "ia3": {"code": 0.5}}, {}))
    assert rows(capsys) == {"lora": ["", "25.0"], "ia3": ["", "50.0"]}
