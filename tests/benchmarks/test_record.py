"""The record grows with every measurement, and what it holds is measured once."""

import json
import re

import pytest

from benchmarks import __main__ as program
from benchmarks.figure import Figure
from benchmarks.settings import LIMIT, Skipped
from benchmarks.timing import Spread


@pytest.fixture
def ran(monkeypatch):
    """Measurements that note that they ran: two give figures, one is skipped, one is interrupted."""
    calls = []

    def lora(settings):
        calls.append("lora")
        return [Figure("a / b", "tiny", {"a s": 1.23456789}, Spread(2.0, 1.0, 3.0, rounds=4)), Figure("c", "tiny", {})]

    def grouped(settings):
        calls.append("grouped")
        return [Figure("d / e", "tiny", {"d s": 1.0})]

    def ceiling(settings):
        calls.append("ceiling")
        raise Skipped("needs a GPU")

    def memory(settings):
        calls.append("memory")
        raise KeyboardInterrupt

    monkeypatch.setattr(
        program, "MEASUREMENTS", {"lora": lora, "grouped": grouped, "ceiling": ceiling, "memory": memory}
    )
    return calls


def run(path, words=""):
    program.main(f"--size tiny --threads 1 --repeats 2 --device cpu --out {path} {words}".split())


def test_the_record_holds_everything(tmp_path, capsys, ran):
    path = tmp_path / "results" / "record.json"
    run(path, "--only lora ceiling")
    record = json.loads(path.read_text())
    assert set(record) == {"format", "chip", "versions", "measurements"}
    assert {"torch", "transformers", "peft", "python"} <= set(record["versions"])
    assert list(record["measurements"]) == ["lora", "ceiling"]
    for one in record["measurements"].values():
        assert set(one) == {"settings", "revision", "seconds", "skipped", "figures"}
        assert (one["settings"]["threads"], one["settings"]["repeats"], one["settings"]["limit"]) == (1, 2, LIMIT)
    first, empty = record["measurements"]["lora"]["figures"]
    assert first == {
        "what": "a / b",
        "size": "tiny",
        "parts": {"a s": 1.2346},
        "ratio": {"median": 2.0, "least": 1.0, "most": 3.0, "rounds": 4},
        "settings": {},
    }
    assert (empty["parts"], empty["ratio"]) == ({}, None)
    assert record["measurements"]["ceiling"]["skipped"] == "needs a GPU"
    printed = capsys.readouterr().out
    assert "a / b" in printed
    assert "not within the limit" in printed
    assert "ceiling: skipped, needs a GPU" in printed


def test_a_run_cut_short_leaves_what_it_has_and_is_taken_up(tmp_path, ran):
    path = tmp_path / "record.json"
    with pytest.raises(KeyboardInterrupt):
        run(path)
    assert list(json.loads(path.read_text())["measurements"]) == ["lora", "grouped", "ceiling"]
    with pytest.raises(KeyboardInterrupt):
        run(path, "--resume")
    assert ran == ["lora", "grouped", "ceiling", "memory", "ceiling", "memory"]  # what was skipped is tried again


def test_without_resume_everything_is_measured_anew(tmp_path, ran):
    path = tmp_path / "record.json"
    run(path, "--only lora")
    run(path, "--only ceiling")
    assert list(json.loads(path.read_text())["measurements"]) == ["ceiling"]


def test_other_settings_are_measured_and_another_revision_is_not(tmp_path, ran):
    path = tmp_path / "record.json"
    run(path, "--only lora grouped")
    record = json.loads(path.read_text())
    record["measurements"]["lora"]["revision"] = "another"
    record["measurements"]["grouped"]["settings"]["limit"] = LIMIT + 1
    path.write_text(json.dumps(record))
    run(path, "--only lora grouped --resume")
    assert ran == ["lora", "grouped", "grouped"]
    after = json.loads(path.read_text())["measurements"]
    assert after["lora"] == record["measurements"]["lora"]
    assert after["grouped"]["settings"]["limit"] == LIMIT


def test_resume_keeps_what_is_not_asked_for(tmp_path, ran):
    path = tmp_path / "record.json"
    run(path, "--only lora")
    run(path, "--only grouped --resume --limit 3")
    measured = json.loads(path.read_text())["measurements"]
    assert {name: one["settings"]["limit"] for name, one in measured.items()} == {"lora": LIMIT, "grouped": 3.0}


def test_resume_starts_a_file_that_is_not_there(tmp_path, ran):
    run(tmp_path / "record.json", "--only lora --resume")
    assert ran == ["lora"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record: {**record, "chip": "abacus"}, "chip in .* is 'abacus', here '"),
        (lambda record: {**record, "format": 1}, "format in .* is '1', here '2'"),
        (lambda record: [], "is no record of the benchmarks"),
    ],
)
def test_another_record_is_not_taken_up(change, message, tmp_path, ran, capsys):
    path = tmp_path / "record.json"
    run(path, "--only lora")
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    before = path.read_text()
    capsys.readouterr()
    with pytest.raises(SystemExit, match="2"):
        run(path, "--only lora --resume")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("--resume: ")
    assert re.search(message, line)
    assert path.read_text() == before


@pytest.mark.parametrize("words", ["--resume", "--limit 0", "--limit -1", "--limit inf", "--limit soon"])
def test_mistakes(words, ran):
    with pytest.raises(SystemExit, match="2"):
        program.main(words.split())
    assert ran == []
