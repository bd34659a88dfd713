"""The tables of the demo against its numbers, the newest runs among others, and their place on a page."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks.demo import gathered, main, put, tables
from deltalab.errors import UserError

COMMON = {
    "metric": "ACC",
    "majority": 0.25,
    "seconds": 12.4,
    "chip": "chip",
    "versions": {},
    "revision": "0",
    "task": {"name": "subject", "rows": {"test": 30}},
    "config": {"secret": 1},
}


def tuned(dev: float) -> dict:
    job = {"name": "lora", "parameters": 1234, "share_of_backbone": 0.01, "best_step": 7}
    return {"stage": "tune", "jobs": [{**job, "dev": {"value": dev}, "test": {"value": 0.512}}], **COMMON}


def moved() -> dict:
    sub = {"lora": {"lora": 0.4, "adapter": 0.3}, "adapter": {"lora": 0.2, "adapter": 0.5}}
    rel = {"lora": {"lora": 80.0, "adapter": 75.0}, "adapter": {"lora": 40.0, "adapter": 125.0}}
    found = {"dim": 4, "methods": ["lora", "adapter"], "e_orig": {"lora": 0.5, "adapter": 0.4}, "e_full": None}
    return {"stage": "optimize", "e_sub": sub, "e_rel": rel, **found, **COMMON}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two runs of the first stage, and beside the last stage a run of the one between, which has its folder."""
    held = {"demo/1": tuned(0.1), "demo/2": tuned(0.3), "d4/1": moved(), "d4/2": {**moved(), "stage": "approximate"}}
    for place, record in held.items():
        (tmp_path / "runs" / place).mkdir(parents=True)
        (tmp_path / "runs" / place / "record.json").write_text(json.dumps(record))
    return tmp_path / "runs"


def cells(table: str) -> list[list[str]]:
    """The rows of a table without its lines."""
    rows = [line.strip("┃│").replace("┃", "│").split("│") for line in table.splitlines() if line[0] in "┃│"]
    return [[cell.strip() for cell in row] for row in rows]


def test_the_newest_run_of_each_stage_is_shown(runs):
    first, second = tables(gathered(runs))
    assert first.splitlines()[0] == "subject: ACC (%), 30 test rows, 12 s"
    assert cells(first)[1:] == [
        ["majority", "", "25.0", "", "", ""],
        ["lora", "30.0", "51.2", "1,234", "1.000", "7"],
    ]
    assert second.splitlines()[0] == "subject: ACC (%), d = 4"
    assert cells(second)[2:] == [
        ["E_orig", "50.0", "", "40.0", ""],
        ["lora", "40.0", "80.0", "30.0", "75.0"],
        ["adapter", "20.0", "40.0", "50.0", "125.0"],
    ]


def test_a_record_keeps_where_it_was_made_and_no_settings(runs):
    for entry in gathered(runs).values():
        assert {"chip", "versions", "revision", "seconds"} < set(entry)
        assert "config" not in entry


def test_tables_take_the_place_of_their_blocks_alone():
    page = "# A\n\n```text\nsubject: old,\nold\n```\n\n```text\nother: 1\n```\nand\n```text\nsubject: older\n```\nend\n"
    shown = ["subject: a, b\n1\n", "subject: a, c\n2\n"]
    with pytest.raises(UserError, match="has 0 blocks that begin with 'subject: a', for 2 tables"):
        put(page, shown)
    expected = (
        "# A\n\n```text\nsubject: a, b\n1\n```\n\n```text\nother: 1\n```\nand\n```text\nsubject: a, c\n2\n```\nend\n"
    )
    assert put(page.replace("old", "a").replace("aer", "a"), shown) == expected


def test_the_command_keeps_the_record_and_changes_the_page(runs, tmp_path, capsys):
    page, keep = tmp_path / "page.md", tmp_path / "demo.json"
    page.write_text("```text\nsubject: ACC (%), 1\n```\n```text\nsubject: ACC (%), 2\n```\n")
    given = ["--runs", str(runs), "--page", str(page), "--keep", str(keep)]
    assert main(given) == 0
    first, second = tables(json.loads(keep.read_text()))
    assert page.read_text() == f"```text\n{first}```\n```text\n{second}```\n"
    before = os.stat(page).st_mtime_ns, os.stat(keep).st_mtime_ns
    assert main([*given, "--show"]) == 0
    assert capsys.readouterr().out == f"{first}\n{second}"
    assert (os.stat(page).st_mtime_ns, os.stat(keep).st_mtime_ns) == before


def test_a_missing_run_ends_in_one_line_and_changes_nothing(runs, tmp_path, capsys):
    (runs / "d4" / "1" / "record.json").unlink()
    keep = tmp_path / "demo.json"
    assert main(["--runs", str(runs), "--keep", str(keep)]) == 2
    assert capsys.readouterr().err == f"{runs / 'd4'}: no finished run of stage=optimize; run `make demo`\n"
    assert not keep.exists()
