"""Which pictures a record has enough in it for."""

from __future__ import annotations

import math

import pytest

from deltalab.report.picture.draw import pictures, together

from .support import METHODS, approximation, landscape, optimization, square

RECORD = square(80.0, 70.0, 60.0, 90.0, methods=("lora", "prefix"))


def half(name: str, weights: list[float]) -> float:
    return weights[0] / 2


def test_an_optimization_has_its_matrix():
    found = pictures(optimization(RECORD))
    assert list(found) == ["heatmap"]
    assert [text.get_text() for text in found["heatmap"].axes[0].texts] == ["80.0", "70.0", "60.0", "90.0"]


@pytest.mark.parametrize(
    ("count", "names"), [(2, {"distances", "landscape"}), (3, {"distances", "landscape"}), (4, {"distances"})]
)
def test_an_approximation_has_distances_and_a_landscape_of_two_or_three_methods(count, names):
    methods = (*METHODS, "ia3")[:count]
    assert set(pictures(approximation(methods, landscape(half, 2, methods)))) == names


def test_an_approximation_shows_what_it_has():
    assert set(pictures(approximation())) == {"distances"}
    record = approximation(landscape=landscape(half, 2))
    assert set(pictures(record | {"history": []})) == {"landscape"}
    for point in record["history"]:
        point["relative_error"] = dict.fromkeys(METHODS, math.nan)
    assert set(pictures(record)) == {"landscape"}


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"stage": "tune", "task": {"name": "sst"}},
        optimization({}),
        {key: value for key, value in optimization(RECORD).items() if key != "task"},
        {key: value for key, value in approximation().items() if key != "tasks"},
        approximation() | {"history": []},
    ],
    ids=["empty", "another stage", "no cells", "cut optimize", "cut approximate", "no history"],
)
def test_too_little_gives_nothing(record):
    assert pictures(record) == {}


def test_several_records_of_one_d_have_a_mean():
    other = optimization(square(100.0, 70.0, 80.0, 90.0, methods=("lora", "prefix")))
    found = together([optimization(RECORD), other, approximation()])
    assert list(found) == ["heatmap-mean-subspace-d4"]
    cells = [text.get_text() for text in found["heatmap-mean-subspace-d4"].axes[0].texts]
    assert cells == ["90.0", "70.0", "70.0", "90.0"]


def test_several_d_have_a_recovery():
    found = together([optimization(RECORD, d) for d in (16, 2, 2)])
    assert list(found) == ["heatmap-mean-subspace-d2", "recovery"]
    assert [text.get_text() for text in found["recovery"].axes[0].get_xticklabels()] == ["2", "16"]


def test_one_record_has_nothing_to_be_put_together():
    assert together([optimization(RECORD), approximation(), {"stage": "tune"}]) == {}
