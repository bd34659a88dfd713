"""Which pictures a record has enough in it for."""

from __future__ import annotations

import math

import pytest

from deltalab.delta.candidates import UnitName
from deltalab.report.picture.draw import pictures, search_pictures, together

from .searches import job, leave, search, tuning
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


def test_a_search_has_the_pictures_of_its_folder(tmp_path):
    units = [UnitName("lora", "attn.q", "encoder", layer) for layer in (0, 1)]
    leave(tmp_path, units, [[0.2, 0.6]], [[1]], [1])
    found = search_pictures(search("search", 9, 0.5), tmp_path)
    assert list(found) == ["p_heatmap", "p_trajectories"]
    assert "1 chosen of 2 units" in found["p_heatmap"]._suptitle.get_text()
    assert search_pictures(tuning([job(0.5, 0.1)]), tmp_path) == {}
    assert search_pictures(search("random", 9, 0.5), tmp_path / "none") == {}


def test_searches_of_one_task_have_a_pareto_with_tuning_beside_them():
    records = [search("search", 9, 0.5), tuning([job(0.5, 0.1, delta="lora")]), tuning([job(0.5, 0.1)], task="rte")]
    assert list(together(records)) == ["pareto"]
    assert {text.get_text() for text in together(records)["pareto"].axes[0].texts} == {"search", "lora"}
    assert together(records[1:]) == together(records[:1]) == {}


def test_searches_of_several_tasks_have_a_pareto_each():
    other = {"task": {"name": "rte"}}
    records = [search("search", 9, 0.5), search("random", 9, 0.5), search("search", 9, 0.5, **other)]
    assert list(together(records)) == ["pareto"]
    assert list(together([*records, search("random", 9, 0.5, **other)])) == ["pareto-sst-ACC", "pareto-rte-ACC"]
