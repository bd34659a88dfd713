"""Records that the programs write are records that the page reads."""

from __future__ import annotations

import json
import sys
from statistics import fmean, stdev

import pytest

import search
import train
from deltalab.report.__main__ import main

from .records import Seen

SMOKE = ["trainer=smoke", "callbacks=quiet", "logger=csv", "task.sizes={train: 40, dev: 8, test: 8}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "words"),
    [
        (train, ["pack.seed=[0,1]", "delta=bitfit"]),
        (search, ["choice=random", "search_space=lora", "budget=2222ppm", "pack.seed=[0,1]"]),
    ],
    ids=["tune", "search"],
)
def test_the_page_of_a_real_run_has_its_numbers(tmp_path, monkeypatch, capsys, program, words):
    place = [f"hydra.run.dir={tmp_path}/run", f"store.root={tmp_path}/store"]
    monkeypatch.setattr(sys, "argv", [f"{program.__name__}.py", *words, *SMOKE, *place])
    program.main()
    assert main([str(tmp_path / "run"), "-o", str(tmp_path / "report.html")]) == 0
    record = json.loads((tmp_path / "run" / "record.json").read_text())
    scores = [100 * job["test"]["value"] for job in record["jobs"]]
    seen = Seen((tmp_path / "report.html").read_text())
    (row,) = [row for row in seen.columns() if "test %" in row]
    assert (row["test %"], row["sd"], row["seeds"]) == (f"{fmean(scores):.1f}", f"{stdev(scores):.1f}", "0, 1")
    assert row["ppm"].replace(",", "") == f"{1e6 * record['jobs'][0]['share_of_backbone']:.0f}"
    assert any(
        button.get("data-copy", "").startswith(f"python {program.__name__}.py ") for button in seen.all("button")
    )
