"""The terminal's table of E_sub and E_rel."""

from __future__ import annotations

import re

from deltalab.report.relative_table import print_relative

from .test_table import cells

RECORD = {
    "task": {"name": "sst"},
    "methods": ["adapter", "lora", "ia3"],
    "dim": 4,
    "metric": "ACC",
    "e_orig": {"adapter": 0.5, "lora": 0.8, "ia3": 0.0},
    "e_full": 0.875,
    "e_sub": {
        "adapter": {"adapter": 0.6, "lora": 0.4, "ia3": 0.31},
        "lora": {"adapter": 0.25, "lora": 0.72, "ia3": -0.1},
    },
    "e_rel": {
        "adapter": {"adapter": 120.0, "lora": 50.0, "ia3": None},
        "lora": {"adapter": 50.0, "lora": 90.0, "ia3": None},
    },
}


def test_sources_are_rows_and_targets_pairs_of_columns(capsys):
    print_relative(RECORD)
    shown = capsys.readouterr().out
    assert cells(shown) == [
        ["E_orig", "50.0", "", "80.0", "", "0.0", ""],
        ["adapter", "60.0", "120.0", "40.0", "50.0", "31.0", "undefined"],
        ["lora", "25.0", "50.0", "72.0", "90.0", "-10.0", "undefined"],
    ]
    head = [[cell.strip() for cell in line.strip("┃").split("┃")] for line in shown.splitlines() if "┃" in line]
    assert head == [
        ["target", "adapter", "", "lora", "", "ia3", ""],
        ["source", *["E_sub", "E_rel"] * 3],
    ]
    assert shown.splitlines()[0].strip() == "sst: ACC (%), d = 4, full fine-tuning 87.5"


def test_full_fine_tuning_is_told_only_where_it_was_measured(capsys):
    print_relative(RECORD | {"e_full": None})
    assert capsys.readouterr().out.splitlines()[0].strip() == "sst: ACC (%), d = 4"


def test_one_source_is_one_row(capsys):
    print_relative(RECORD | {part: {"lora": RECORD[part]["lora"]} for part in ("e_sub", "e_rel")})
    assert [row[0] for row in cells(capsys.readouterr().out)] == ["E_orig", "lora"]


def test_what_was_not_decoded_stays_empty(capsys):
    record = RECORD | {"e_sub": {"lora": {"lora": 0.72}}, "e_rel": {"lora": {"lora": 90.0}}}
    print_relative(record)
    assert cells(capsys.readouterr().out)[1] == ["lora", "", "", "72.0", "90.0", "", ""]


def test_long_names_are_shown_whole_in_eighty_columns(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    names = ["adapter_pfeiffer", "low_rank_adapter", "prefix_direct"]
    square = {source: dict.fromkeys(names, 0.5) for source in names}
    print_relative(RECORD | {"methods": names, "e_orig": dict.fromkeys(names, 1.0), "e_sub": square, "e_rel": square})
    shown = capsys.readouterr().out
    assert "…" not in shown
    assert [row[0] for row in cells(shown)] == ["E_orig", *names]
    assert {"adapter_", "pfeiffer", "low_", "rank_", "adapter", "prefix_", "direct"} <= set(re.findall(r"\w+", shown))
