"""Every measurement runs at its smallest, whatever the time it is given; speeds are not judged."""

import json
import math
from dataclasses import asdict, replace

import pytest

from benchmarks import ceiling, gates, memory, models, peak, projectors, search
from benchmarks.__main__ import MEASUREMENTS
from benchmarks.figure import Figure
from benchmarks.process import answer
from benchmarks.settings import Settings, Skipped

SMALLEST = Settings(
    sizes=("tiny",),
    threads=1,
    repeats=2,
    limit=300.0,
    rows=3,
    per_theta=(1, 2),
    source=4,
    target=2,
    steps=1,
    dims=(2, 3),
    theta=500,
)


DENSE = {"down": "dense", "optimizer": "Adafactor"}


def check(figures: list[Figure], size: str = "tiny") -> None:
    assert figures
    for one in figures:
        assert one.size == size
        assert one.parts
        assert all(math.isfinite(value) and value > 0 for value in one.parts.values())
        if one.ratio is not None:
            assert 0 < one.ratio.least <= one.ratio.median <= one.ratio.most


@pytest.mark.parametrize("name", sorted(set(MEASUREMENTS) - {"ceiling", "memory", "projectors", "search"}))
def test_measures(name: str):
    check(MEASUREMENTS[name](SMALLEST))


@pytest.mark.slow  # a process for each kind of step
def test_measures_memory(monkeypatch):
    monkeypatch.setattr(memory, "COMPARISONS", memory.COMPARISONS[:1])
    check(memory.measure(SMALLEST))


def test_measures_the_ceiling_where_there_is_a_gpu():
    with pytest.raises(Skipped, match="needs a GPU"):
        ceiling.measure(SMALLEST)
    check(ceiling.figures("tiny", SMALLEST, edge=64, compiled=False))


def test_a_reloaded_solution_gives_the_same_logits():
    (figure,) = MEASUREMENTS["reload"](SMALLEST)
    assert figure.parts["same logits"] is True
    assert 4 * figure.parts["parameters"] < figure.parts["theta bytes"] < figure.parts["folder bytes"]


def test_measures_projectors(monkeypatch, capsys):
    """Every kind, in this process."""

    def here(module, order):
        assert module == projectors.__name__
        projectors.main(json.dumps(order))
        return json.loads(capsys.readouterr().out)

    monkeypatch.setattr(projectors, "answer", here)
    figures = projectors.measure(SMALLEST)
    check(figures, "D=500 d=3")
    assert len(figures) == 8


@pytest.mark.slow  # a process
def test_projectors_have_a_process_of_their_own():
    found = answer(projectors.__name__, {"settings": asdict(SMALLEST), **DENSE})
    assert found["s"] > 0
    assert 100 < found["MB"] < 2000


@pytest.fixture
def small_searches(monkeypatch, capsys):
    """One small shape, one layer where there are to be many, memory measured in this process."""

    def here(module, order):
        assert module == peak.__name__
        peak.main(json.dumps(order))
        return json.loads(capsys.readouterr().out)

    monkeypatch.setattr(memory, "answer", here)
    monkeypatch.setattr(search, "SHAPES", ((3, 4),))
    monkeypatch.setattr(gates, "ROWS", 3)
    monkeypatch.setattr(gates, "SOURCE", 4)
    monkeypatch.setitem(models.V1_0, "deep v1.0", (*models.V1_0["deep v1.0"][:-1], 1))
    memory._peak.cache_clear()


def test_measures_a_search(small_searches):
    figures = search.measure(SMALLEST)
    check([one for one in figures if one.size == "tiny"])
    check([one for one in figures if one.size == "deep"], "deep")
    ratios = {one.what: one.ratio for one in figures if one.ratio is not None}
    assert len(ratios) == len(figures) == 6 + 3 + 3 + 1 + 3


def test_a_search_that_runs_out_of_time_leaves_empty_figures(small_searches):
    for one in search.measure(replace(SMALLEST, limit=1e-6)):
        assert (one.parts, one.ratio) == ({}, None)


def test_projectors_need_room(monkeypatch):
    monkeypatch.setattr(projectors, "_free", lambda device: 100.0)
    with pytest.raises(Skipped, match=r"needs about 12656 MB of memory, 100 are free"):  # 5 * 6 * 1105920 * 100 floats
        projectors.measure(Settings())


def test_projectors_compare_what_differs_in_one_thing():
    found = {
        ("dense", "AdamW"): {"s": 8.0, "MB": 80.0},
        ("dense", "Adafactor"): {"s": 4.0, "MB": 50.0},
        ("span", "AdamW"): {"s": 2.0, "MB": 20.0},
        ("span", "Adafactor"): {"s": None, "MB": None},
    }
    figures = projectors.figures(found, SMALLEST)
    assert [one.ratio and one.ratio.median for one in figures] == [4.0, None, 2.0, None, 4.0, None, 1.6, None]
    assert figures[0].parts == {"dense AdamW s": 8.0, "span AdamW s": 2.0}
    assert figures[1].parts == {}


@pytest.mark.parametrize(("module", "extra"), [(peak, {"work": "lora", "size": "tiny"}), (projectors, DENSE)])
def test_a_process_that_runs_out_of_time_says_nothing(module, extra, capsys):
    order = {"settings": asdict(replace(SMALLEST, limit=1e-6)), **extra}
    module.main(json.dumps(order))
    assert json.loads(capsys.readouterr().out) in (None, {"s": None, "MB": None})


def test_works_that_run_out_of_time_leave_empty_figures():
    for name in sorted(set(MEASUREMENTS) - {"ceiling", "memory", "projectors", "reload", "search"}):
        for one in MEASUREMENTS[name](replace(SMALLEST, limit=1e-6)):
            assert (one.parts, one.ratio) == ({}, None)
    for one in ceiling.figures("tiny", replace(SMALLEST, limit=1e-6), edge=64, compiled=False):
        assert (one.parts, one.ratio) == ({}, None)
