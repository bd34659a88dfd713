"""The tables of docs/results.md and of the README are those of the committed results."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks import demo, pages, pairs_table, speed, structures, suite

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = (ROOT / "docs" / "results.md").read_text()
PAIRS = sorted(RESULTS.glob("pairs_*.json"))
STRUCTURES = sorted(RESULTS.glob("structures_*.json"))
SUITES = sorted(RESULTS.glob("suite_*.json"))
SPEEDS = sorted(RESULTS.glob("*_cpu.json"))


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_table_of_pairs(path: Path) -> None:
    assert pairs_table.markdown(json.loads(path.read_text())) in PAGE
    assert pairs_table.originals(json.loads(path.read_text())) in PAGE


@pytest.mark.parametrize("path", sorted(RESULTS.glob("parted_*.json")), ids=lambda path: path.stem)
def test_a_table_of_parted_steps(path: Path) -> None:
    assert pages.tables(path)[0] in PAGE


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_the_tables_of_the_suite(path: Path) -> None:
    for table in suite.tables(json.loads(path.read_text())):
        assert table in PAGE


@pytest.mark.parametrize("path", STRUCTURES, ids=lambda path: path.stem)
def test_the_tables_of_structures(path: Path) -> None:
    for table in structures.tables(json.loads(path.read_text())):
        assert table in PAGE


@pytest.mark.parametrize("path", SPEEDS, ids=lambda path: path.stem)
def test_a_table_of_speeds(path: Path, capsys) -> None:
    speed.main([str(path)])
    assert capsys.readouterr().out in (ROOT / "docs" / "speed.md").read_text()


def test_a_speed_is_a_multiple_with_its_spread():
    ratio = {"median": 1.0712, "least": 0.9, "most": 1.25, "rounds": 9}
    timed = {"what": "a / b", "size": "tiny", "ratio": ratio, "settings": {"rows": 4, "d": 2}}
    once = {"what": "c", "size": "deep", "ratio": {**ratio, "rounds": 1}, "settings": {}}
    bare = {"what": "bytes", "size": "tiny", "ratio": None, "settings": {}}
    found = speed.markdown({"measurements": {"x": {"figures": [timed, bare]}, "y": {"figures": [once]}}})
    assert found.splitlines()[2:] == ["| a / b, 4 rows | 1.07 (0.9 to 1.25) |", "| c, deep model | 1.07 |"]


def test_the_tables_of_the_demo():
    page = (ROOT / "README.md").read_text()
    for table in demo.tables(json.loads((RESULTS / "demo.json").read_text())):
        assert f"```text\n{table}```\n" in page


def test_results_are_rows_of_tables_alone():
    """Every number of the page with a decimal point stands in a table, where a test finds it, or in a command."""
    prose = [line for line in PAGE.splitlines() if not line.startswith(("|", "python -m"))]
    assert [word for line in prose for word in line.split() if re.search(r"\d\.\d", word)] == []
