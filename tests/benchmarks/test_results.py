"""The tables of docs/results.md are those of the committed results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import pairs_table, suite, suite_table

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = (ROOT / "docs" / "results.md").read_text()
PAIRS = sorted(RESULTS.glob("pairs_*.json"))
SUITES = sorted(RESULTS.glob("suite_*.json"))


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_table_of_pairs(path: Path) -> None:
    assert pairs_table.markdown(json.loads(path.read_text())) in PAGE


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_a_table_of_the_suite(path: Path) -> None:
    assert suite_table.markdown(json.loads(path.read_text()), suite.DELTAS) in PAGE
