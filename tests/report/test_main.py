"""`python -m deltalab.report`: pictures from record files, and one line for a user's mistake."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from deltalab.delta.candidates import UnitName
from deltalab.report.__main__ import main
from deltalab.report.picture.canvas import save
from deltalab.report.picture.heatmap import heatmap

from .picture.searches import job, leave, search, tuning
from .picture.support import approximation, landscape, optimization, square

RECORD = optimization(square(80.0, 70.0, None, 90.0, methods=("lora", "prefix")))


@pytest.fixture
def write(tmp_path: Path):
    """`write(name, content)`: a file of JSON, or of the text itself; returns its path."""

    def written(name: str, content: dict | list | str) -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    return written


def pictures(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_record_becomes_the_pictures_that_its_run_drew(write, tmp_path, capsys):
    out = tmp_path / "new" / "out"
    assert main([write("record.json", RECORD), "--out", str(out)]) == 0
    save(heatmap(RECORD), tmp_path / "expected.png")
    assert pictures(out) == ["heatmap.png"]
    assert (out / "heatmap.png").read_bytes() == (tmp_path / "expected.png").read_bytes()
    assert capsys.readouterr().out.split() == [str(out / "heatmap.png")]


def test_several_records_are_numbered_and_put_together(write, tmp_path):
    record = approximation(("lora", "prefix"), landscape(lambda name, w: w[0], 2, ("lora", "prefix")))
    files = [write(f"{i}.json", content) for i, content in enumerate((RECORD, record, RECORD | {"dim": 8}))]
    assert main([*files, "--out", str(tmp_path / "out")]) == 0
    assert pictures(tmp_path / "out") == [
        "1-heatmap.png",
        "2-distances.png",
        "2-landscape.png",
        "3-heatmap.png",
        "recovery.png",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, r"cannot be read \(No such file or directory\); name the JSON record of a run"),
        ("no { JSON", r"is no JSON \(.*\); name the JSON record of a run"),
        ([1], "holds a JSON list, not the record of a run"),
        ({"stage": "tune"}, "nothing to draw in a record of stage 'tune'; allowed: optimize .*, approximate .*"),
        ({}, "nothing to draw in a record of stage 'None'; allowed: .*"),
    ],
    ids=["no file", "no JSON", "no record", "another stage", "no stage"],
)
def test_a_mistake_is_one_line_and_nothing_is_written(write, tmp_path, capsys, content, told):
    bad = str(tmp_path / "bad.json") if content is None else write("bad.json", content)
    assert main([write("good.json", RECORD), bad, "--out", str(tmp_path / "out")]) == 2
    assert re.fullmatch(rf"error: {re.escape(bad)}: {told}\n", capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_a_folder_is_no_record(tmp_path, capsys):
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path}: cannot be read (Is a directory); name the JSON record of a run\n"
    )


def test_bytes_that_are_no_text_are_no_json(tmp_path, capsys):
    path = tmp_path / "record.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert main([str(path), "--out", str(tmp_path / "out")]) == 2
    assert re.fullmatch(rf"error: {path}: is no JSON \(.*\); .*\n", capsys.readouterr().err)


def test_a_file_is_no_folder_for_pictures(write, tmp_path, capsys):
    taken = write("taken", "")
    assert main([write("record.json", RECORD), "--out", taken]) == 2
    assert capsys.readouterr().err == f"error: --out {taken}: cannot be a folder (File exists)\n"


UNITS = [UnitName("lora", "attn.q", "encoder", layer) for layer in (0, 1)]


def test_a_search_is_drawn_from_the_folder_of_its_record(write, tmp_path):
    leave(tmp_path, UNITS, [[0.2, 0.6]], [[1]], [1])
    assert main([write("record.json", search("search", 9, 0.5)), "--out", str(tmp_path / "out")]) == 0
    assert pictures(tmp_path / "out") == ["p_heatmap.png", "p_trajectories.png"]


def test_records_without_a_picture_of_their_own_are_drawn_together(write, tmp_path):
    records = [search("random", 9, 0.5), search("uniform", 9, 0.6), tuning([job(0.5, 0.1, delta="lora")])]
    files = [write(f"{i}.json", record) for i, record in enumerate(records)]
    assert main([*files, "--out", str(tmp_path / "out")]) == 0
    assert pictures(tmp_path / "out") == ["pareto.png"]


def test_a_damaged_trajectory_is_one_line_and_nothing_is_written(write, tmp_path, capsys):
    leave(tmp_path, UNITS, [[0.2, 0.6]], [[1]], [1], steps=[])
    assert main([write("record.json", search("search", 9, 0.5)), "--out", str(tmp_path / "out")]) == 2
    assert re.fullmatch(rf"error: {tmp_path}/trajectory.json: damaged, .*\n", capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_a_lone_record_without_a_trajectory_has_nothing_to_draw(write, tmp_path, capsys):
    assert main([write("record.json", search("random", 9, 0.5)), "--out", str(tmp_path / "out")]) == 2
    assert "search with a trajectory.json beside it" in capsys.readouterr().err
