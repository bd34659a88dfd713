"""The line below the output of a sweep."""

from __future__ import annotations

import io
import sys
from unittest.mock import patch

from deltalab.sweep.line import Line

LONG = "x" * 500


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_is_drawn_at_most_once_a_second_and_cut_to_the_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    out = Terminal()
    line = Line(out)
    with patch("time.monotonic", side_effect=[10.0, 10.0, 10.5, 11.1, 11.1]):
        for text in ("one", "two", LONG):
            line.show(lambda text=text: text)
    assert out.getvalue() == f"\r\x1b[2Kone\r\x1b[2K{LONG[:39]}"


def test_other_output_gets_its_room_and_the_line_comes_back():
    out = Terminal()
    line = Line(out)
    line.clear()
    assert out.getvalue() == ""
    line.show(lambda: "here")
    line.clear()
    line.show(lambda: "again")
    assert out.getvalue().split("\r\x1b[2K") == ["", "here", "", "again"]


def test_there_is_none_without_a_terminal():
    out = io.StringIO()
    line = Line(out)
    line.show(lambda: "here")
    line.clear()
    assert out.getvalue() == ""


def test_a_sweep_in_a_terminal_counts_its_jobs_below_them(conducted):
    out = Terminal()
    with patch.object(sys, "stdout", out):
        conducted("record(0.5)", "time.sleep(1.5); record(0.25)")
    drawn = [text.split("\n")[0] for text in out.getvalue().split("\r\x1b[2K") if text.startswith("2 jobs, in work: ")]
    assert drawn[0] == "2 jobs, in work: 1 waiting, 1 running"
    assert any(text.startswith("2 jobs, in work: 1 running, 1 done, best 50.0 by job 0") for text in drawn[1:])
    assert out.getvalue().count("\njob 1 done in ") + out.getvalue().count("\x1b[2Kjob 1 done in ") == 1
