"""The leaderboard as CSV and LaTeX, read back."""

from __future__ import annotations

import csv
import io
import math
import re
from statistics import fmean, stdev

import pytest

from deltalab.report.page.export import as_csv, as_latex
from deltalab.report.page.leaderboard import leaderboard
from deltalab.report.page.run import read

from .records import job, leave, tuned


def rows(*paths):
    return leaderboard([read(path) for path in paths])


def test_csv_holds_fractions_runs_and_commands(tmp_path):
    scores = [0.1, 0.25, 0.7]
    path = leave(tmp_path / "a" / "run", tuned([job("lora", s, v) for s, v in enumerate(scores)]), ["task='a,\"b'"])
    (line,) = csv.DictReader(io.StringIO(as_csv(rows(path), tmp_path / "out" / "b.csv")))
    assert float(line["test_mean"]) == fmean(scores)
    assert float(line["test_sd"]) == stdev(scores)
    assert float(line["ppm"]) == pytest.approx(500.0)
    assert (line["task"], line["metric"], line["method"], line["stage"]) == ("sst", "ACC", "lora", "tune")
    assert (line["seeds"], line["parameters"], line["jobs_in_run"]) == ("0 1 2", "500", "3")
    assert line["runs"] == "../a/run/record.json"
    assert line["commands"] == read(path).command


def test_csv_leaves_empty_what_there_is_not(tmp_path):
    path = leave(tmp_path, tuned([job("lora", 0, 0.5, dev=None)]), None)
    (line,) = csv.DictReader(io.StringIO(as_csv(rows(path), tmp_path / "b.csv")))
    assert (line["test_sd"], line["dev_mean"], line["commands"]) == ("", "", "")


def test_latex_has_percent_and_deviations(tmp_path):
    path = leave(tmp_path, tuned([job("lora", 0, 0.5, size=12345), job("lora", 1, 0.6, size=12345)]))
    lines = as_latex(rows(path)).splitlines()
    assert r"sst & ACC & lora & $55.0 \pm 7.1$ & 2 & 12\,345 & 12345.0 \\" in lines
    assert lines[0].startswith(r"\begin{tabular}{")
    assert lines[-1] == r"\end{tabular}"


def test_latex_escapes_names(tmp_path):
    name = "a_b&c%d$e#f{g}h\\i~j^k<l>m|n\\input{/etc/passwd}\\\\"
    text = as_latex(rows(leave(tmp_path, tuned([job("lora", 0, math.nan)], task=name))))
    row = next(line for line in text.splitlines() if line.startswith("a"))
    bare = re.sub(r"\\(text\w+\{\}|[&%$#_{}])", "", row.removesuffix(r" \\"))
    assert "\\" not in bare
    assert not re.search(r"[%$#_{}~^<>|]", bare)
    assert bare.count(" & ") == bare.count("&") == 6
    assert " & undefined & " in row
