"""`python -m deltalab.report RUNS... -o FILE`: files, one line for each thing left out, exit codes."""

from __future__ import annotations

import csv
import json

import pytest

from deltalab.report.__main__ import main

from .records import Seen, job, leave, tuned

RECORD = tuned([job("lora", 0, 0.5)])


def test_one_call_writes_all_that_is_asked_for(tmp_path, capsys):
    leave(tmp_path / "runs" / "a", RECORD)
    files = [tmp_path / "new" / name for name in ("report.html", "board.csv", "board.tex")]
    words = ["-o", str(files[0]), "--csv", str(files[1]), "--latex", str(files[2])]
    assert main([str(tmp_path / "runs"), *words]) == 0
    out = capsys.readouterr()
    assert out.out.split() == [str(path) for path in files]
    assert out.err == ""
    assert [row["test %"] for row in Seen(files[0].read_text()).columns()] == ["50.0"]
    assert [row["test_mean"] for row in csv.DictReader(files[1].open())] == ["0.5"]
    assert "$50.0$" in files[2].read_text()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["board.csv", "board.tex", "report.html"]


def test_what_is_damaged_is_named_and_the_rest_is_shown(tmp_path, capsys):
    leave(tmp_path / "runs" / "a", RECORD)
    torn = leave(tmp_path / "runs" / "b", RECORD)
    torn.write_text(torn.read_text()[:100])
    newer = leave(tmp_path / "runs" / "c", {**RECORD, "format": 7})
    assert main([str(tmp_path / "runs"), "-o", str(tmp_path / "report.html")]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"left out: {torn}: damaged, no JSON (")
    assert second == f"left out: {newer}: format 7, this version reads 1"
    text = (tmp_path / "report.html").read_text()
    assert "format 7, this version reads 1" in text
    assert len(Seen(text).columns()) == 1


def test_without_any_whole_record_nothing_is_written(tmp_path, capsys):
    path = tmp_path / "record.json"
    path.write_text("{")
    assert main([str(path), str(tmp_path / "none.json"), "-o", str(tmp_path / "report.html")]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"error: {path}: damaged, no JSON (")
    assert err.endswith("(and 1 more records)\n")
    assert not (tmp_path / "report.html").exists()


def test_no_file_asked_for_is_a_mistake(tmp_path, capsys):
    assert main([str(leave(tmp_path, RECORD))]) == 2
    assert capsys.readouterr().err == (
        "error: no file is asked for; give -o FILE, --csv FILE, --latex FILE or --out DIR\n"
    )


@pytest.mark.parametrize("option", ["-o", "--csv", "--latex"])
def test_a_file_that_cannot_be_written_is_named(tmp_path, capsys, option):
    record = leave(tmp_path / "run", RECORD)
    assert main([str(record), option, str(record / "below" / "file")]) == 2
    assert capsys.readouterr().err == f"error: {option} {record}/below/file: cannot be written (Not a directory)\n"
    assert main([str(record), option, str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"error: {option} {tmp_path}: cannot be written (Is a directory)\n"


def test_half_a_letter_in_a_name_does_not_stop_the_page(tmp_path):
    path = leave(tmp_path, RECORD)
    path.write_text(json.dumps(RECORD).replace('"sst"', '"s\\ud800t"'))
    assert main([str(path), "-o", str(tmp_path / "report.html"), "--csv", str(tmp_path / "b.csv")]) == 0
    assert "s?t" in (tmp_path / "report.html").read_text(encoding="utf-8")
