"""The page: its numbers are those of the records, nothing of theirs runs, nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from statistics import fmean, stdev

import pytest

from deltalab.delta.candidates import UnitName
from deltalab.report.page.page import page
from deltalab.report.page.run import read

from ..picture.searches import leave as leave_search
from ..picture.support import approximation, landscape
from .records import ENVELOPE, Seen, config, job, leave, moved, searched, tuned

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def made(folder, *records: dict, left_out: list[str] | None = None) -> str:
    runs = [read(leave(folder / f"run {i}", record)) for i, record in enumerate(records)]
    return page(runs, folder / "report.html", [] if left_out is None else left_out)


def approximated(**changed: object) -> dict:
    points = {name: {"adapter": 0.125, "lora": 0.5, "centroid": 0.75} for name in ("adapter", "lora")}
    tasks = [{"name": "sst", "metric": "ACC", "points": points, "e_orig": {"adapter": 0.625}}]
    drawn = landscape(lambda name, weights: weights[0], 2, ("adapter", "lora"))
    return {**ENVELOPE, **approximation(("adapter", "lora"), drawn), "tasks": tasks, "config": config(), **changed}


def test_the_leaderboard_is_the_one_recomputed_from_the_files(tmp_path):
    scores = {"lora": [0.51, 0.57, 0.64], "prefix": [0.4, 0.41, 0.35]}
    jobs = [job(name, seed, value, dev=0.5 + seed / 10) for name in scores for seed, value in enumerate(scores[name])]
    seen = Seen(made(tmp_path, tuned(jobs), tuned([job("lora", 0, 0.3)], task="topic")))
    read_back = json.loads((tmp_path / "run 0" / "record.json").read_text())["jobs"]
    found = {(row["task"], row["method"]): row for row in seen.columns()}
    assert set(found) == {("sst ACC", "lora"), ("sst ACC", "prefix"), ("topic ACC", "lora")}
    for name in scores:
        values = [one["test"]["value"] for one in read_back if one["delta"] == name]
        row = found["sst ACC", name]
        assert row["test %"] == f"{100 * fmean(values):.1f}"
        assert row["sd"] == f"{100 * stdev(values):.1f}"
        assert (row["seeds"], row["dev %"], row["majority %"]) == ("0, 1, 2", "60.0", "25.0")
        assert (row["parameters"], row["ppm"], row["time"]) == ("500", "500.0", "12 s / 6 jobs")
    assert (found["topic ACC", "lora"]["test %"], found["topic ACC", "lora"]["sd"]) == ("30.0", "-")


def test_numbers_lead_to_their_records_and_seeds_to_their_runs(tmp_path):
    seen = Seen(made(tmp_path, tuned([job("lora", 4, 0.5)]), moved(90.0, 80.0, 70.0, 60.0)))
    links = [link["href"] for link in seen.all("a")]
    assert {"./run%200/record.json", "./run%201/record.json", "#r1", "#r2"} == set(links)
    assert {"r1", "r2"} <= {found["id"] for _, found in seen.tags if "id" in found}
    assert {button["data-copy"] for button in seen.all("button") if "data-copy" in button} == {
        "python train.py delta=lora"
    }


def test_a_mean_over_runs_copies_all_their_commands(tmp_path):
    paths = [leave(tmp_path / str(seed), tuned([job("lora", seed, 0.5)]), [f"seed={seed}"]) for seed in (0, 1)]
    seen = Seen(page([read(path) for path in paths], tmp_path / "report.html", []))
    (row,) = seen.columns()
    assert row["command"] == "copy 2 commands"
    assert "python train.py seed=0\npython train.py seed=1" in [b.get("data-copy") for b in seen.all("button")]


def test_tasks_of_one_name_and_other_rows_are_told_apart(tmp_path):
    records = [tuned([job("lora", 0, 0.5)], fingerprint=mark * 8) for mark in "ab"]
    assert [row["task"] for row in Seen(made(tmp_path, *records)).columns()] == ["sst ACC aaaaaa", "sst ACC bbbbbb"]


def test_backbones_are_told_apart_where_there_are_several(tmp_path):
    own = {**ENVELOPE["backbone"], "source": "tiny, random 0", "weights": "abcdef01"}
    records = [
        tuned([job("lora", 0, 0.5)], config=config(backbone={"random": 0}), backbone=own),
        tuned([job("lora", 0, 0.9)]),
    ]
    assert [row["method"] for row in Seen(made(tmp_path, *records)).columns()] == [
        "lora tiny w",
        "lora tiny, random 0 abcdef",
    ]


def test_nothing_in_a_record_becomes_part_of_the_page(tmp_path):
    jobs = [job(EVIL, 0, 0.5)]
    records = [
        tuned(jobs, task=EVIL, metric=EVIL, chip=EVIL, revision=EVIL, versions={EVIL: EVIL}, config=config(name=EVIL)),
        moved(90.0, 80.0, 70.0, 60.0, task=EVIL, kind=EVIL),
        approximated(tasks=[{"name": EVIL, "metric": EVIL, "points": {EVIL: {EVIL: 0.5}}, "e_orig": {}}]),
        searched([], choice=EVIL),
    ]
    folder = tmp_path / "<img src=y onerror=alert(2)>"
    runs = [read(leave(folder / str(i), record, [EVIL])) for i, record in enumerate(records)]
    (folder / "0" / "csv").mkdir()
    (folder / "0" / "csv" / "metrics.csv").write_text(f'step,"train/loss/{EVIL.replace(chr(34), "")}"\n1,2\n2,3\n')
    seen = Seen(page(runs, tmp_path / "report.html", [EVIL]))
    assert len(seen.all("script")) == 1
    assert all(image["src"].startswith("data:image/png;base64,") for image in seen.all("img"))
    assert not [name for _, found in seen.tags for name in found if name.startswith("on") or name == "style"]


def test_only_the_texts_of_the_page_itself_may_run_and_nothing_is_fetched(tmp_path):
    text = made(tmp_path, tuned([job("lora", 0, 0.5)]), approximated())
    seen = Seen(text)
    (policy,) = [meta["content"] for meta in seen.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    for kind in ("style", "script"):
        (inside,) = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert not [a for _, a in seen.tags for key in ("src", "href") if re.match(r"(\w+:)?//", a.get(key, ""))]
    assert not re.search(r"url\(|@import", text)


def test_an_approximation_shows_its_points_and_pictures(tmp_path):
    seen = Seen(made(tmp_path, approximated()))
    shown = [row for row in seen.columns() if "decoded as" in row]
    assert shown == [
        {"task": "sst", "decoded as": name, "E_orig": original, "adapter": "12.5", "lora": "50.0", "centroid": "75.0"}
        for name, original in (("adapter", "62.5"), ("lora", ""))
    ]
    assert len(seen.all("img")) == 2
    for image in seen.all("img"):
        assert base64.b64decode(image["src"].partition(",")[2]).startswith(b"\x89PNG")


def test_a_search_shows_its_structure_and_pictures(tmp_path):
    folder = tmp_path / "run 0"
    leave_search(folder, [UnitName("lora", "attn.q", "encoder", i) for i in (0, 1)], [[0.2, 0.6]], [[1]], [1])
    seen = Seen(made(tmp_path, searched([job("structure", 0, 0.5)], choice="search")))
    assert {"method": "lora", "units": "2", "of_units": "5", "parameters": "139", "of_parameters": "1,000"} in (
        seen.columns()
    )
    assert len(seen.all("img")) == 2


def test_several_runs_are_drawn_together(tmp_path):
    records = [moved(90.0, 80.0, 70.0, 60.0, dim=dim) for dim in (4, 4, 8)]
    records += [searched([job("structure", 0, 0.5)]), tuned([job("lora", 0, 0.5)])]
    told = [image["alt"] for image in Seen(made(tmp_path, *records)).all("img")]
    assert told == ["E_rel, mean over records learned-d4", "E_rel by the dimension d", "score by parameters"]


def test_curves_are_those_of_the_run(tmp_path):
    path = leave(tmp_path / "run", tuned([job("lora", 0, 0.5)]))
    (path.parent / "csv").mkdir()
    (path.parent / "csv" / "metrics.csv").write_text("step,train/loss/lora,dev/score\n1,2,0.1\n2,3,0.2\n")
    text = page([read(path)], tmp_path / "report.html", [])
    assert len(Seen(text).all("polyline")) == 2
    assert "train/loss" in text


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("csv/metrics.csv", "step,train/loss\n1,high\n", "metrics.csv: damaged"),
        ("trajectory.json", "{", "structure.yaml: no such file"),
    ],
)
def test_what_is_damaged_beside_a_record_is_named_and_its_numbers_stay(tmp_path, file, content, told):
    beside = tmp_path / "run 0" / file
    beside.parent.mkdir(parents=True)
    beside.write_text(content)
    left_out: list[str] = []
    text = made(tmp_path, searched([job("structure", 0, 0.5)]), left_out=left_out)
    assert len(left_out) == 1
    assert told in left_out[0]
    assert left_out[0] in text
    assert len([row for row in Seen(text).columns() if "test %" in row]) == 1


def test_a_picture_that_cannot_be_drawn_is_named(tmp_path):
    left_out: list[str] = []
    text = made(tmp_path, approximated(landscape={"points": "none"}), left_out=left_out)
    assert [line.partition(": ")[2][:30] for line in left_out] == ["its pictures cannot be drawn ("]
    assert "decoded as" in text
