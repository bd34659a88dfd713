"""Every measurement runs at its smallest, and the record has the shape readers count on; speeds are not judged."""

import json
import math

import pytest

from benchmarks import ceiling, memory
from benchmarks.__main__ import MEASUREMENTS, main
from benchmarks.figure import Figure
from benchmarks.settings import Settings, Skipped

SMALLEST = Settings(sizes=("tiny",), threads=1, repeats=2, rows=1, source=4, target=2, steps=1, per_theta=(1, 2))


def check(figures: list[Figure]) -> None:
    assert figures
    for one in figures:
        assert one.size == "tiny"
        assert one.parts
        assert all(math.isfinite(value) and value > 0 for value in one.parts.values())
        if one.ratio is not None:
            assert 0 < one.ratio.least <= one.ratio.median <= one.ratio.most


@pytest.mark.parametrize("name", sorted(set(MEASUREMENTS) - {"ceiling", "memory"}))
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


def test_the_record_holds_every_figure(tmp_path, capsys):
    path = tmp_path / "results" / "record.json"
    main(f"--only reload ceiling --size tiny --threads 1 --repeats 1 --device cpu --out {path}".split())
    record = json.loads(path.read_text())
    assert {"format", "chip", "versions", "revision", "settings", "seconds", "figures", "skipped"} == set(record)
    assert {"torch", "transformers", "peft", "python"} <= set(record["versions"])
    assert record["settings"]["threads"] == record["settings"]["repeats"] == 1
    assert [set(figure) for figure in record["figures"]["reload"]] == [{"what", "size", "parts", "ratio", "settings"}]
    assert set(record["skipped"]) == {"ceiling"}
    printed = capsys.readouterr().out
    assert "lora solution on disk" in printed
    assert "ceiling: skipped, needs a GPU" in printed
