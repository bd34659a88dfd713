"""The matrix of an optimization, read back from its HTML."""

from __future__ import annotations

import pytest

from deltalab.report.page.element import written
from deltalab.report.page.matrix import matrix, means
from deltalab.report.page.place import Places
from deltalab.report.page.run import read

from .records import Seen, leave, moved


@pytest.fixture
def shown(tmp_path):
    """`shown(record)`: the rows of its matrix as (attributes, text)."""

    def made(record: dict):
        run = read(leave(tmp_path / "run", record))
        return Seen(written(matrix(run, Places.of(tmp_path / "report.html", [run])))).rows

    return made


def test_cells_are_those_of_the_record(shown):
    record = moved(98.94, 101.26, None, 7.0, e_orig={"adapter": 0.5, "lora": 0.625})
    record["e_sub"] = {"adapter": {"adapter": 0.49, "lora": 0.63}, "lora": {"adapter": 0.1, "lora": 0.04}}
    assert [[text for _, text in row] for row in shown(record)] == [
        ["source \\ target", "adapter", "lora"],
        ["E_orig", "50.0", "62.5"],
        ["adapter", "98.9 49.0", "101.3 63.0"],
        ["lora", "undefined 10.0", "7.0 4.0"],
    ]


def test_shades_are_tenths_and_the_diagonal_is_marked(shown):
    rows = shown(moved(98.94, 140.0, None, -7.0))
    assert [[a["class"] for a, _ in row[1:]] for row in rows[2:]] == [["heat10 own", "heat10"], ["heat0", "heat0 own"]]


def test_what_was_not_decoded_stays_empty(shown):
    record = moved(98.94, 140.0, 50.0, 60.0)
    del record["e_rel"]["adapter"]["lora"]
    assert [text for _, text in shown(record)[2]] == ["adapter", "98.9 50.0", ""]


def test_means_are_over_the_diagonal_and_over_the_rest(tmp_path):
    assert means(read(leave(tmp_path, moved(90.0, 80.0, None, 100.0)))) == (95.0, 80.0)
    assert means(read(leave(tmp_path, moved(None, 80.0, 70.0, None)))) == (None, 75.0)
