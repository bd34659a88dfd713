"""The tutorials, from their first command to their last, and the figures they mention."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..pages import ROOT, follow

TUTORIALS = ROOT / "docs" / "tutorials"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def record(place: Path, run: str) -> dict:
    return json.loads((place / "runs" / run / "record.json").read_text())


def test_there_is_a_test_for_each() -> None:
    assert {path.stem for path in TUTORIALS.glob("*.md")} == {"tune", "subspace", "search"}


def test_tune(place, monkeypatch, capsys):
    page = TUTORIALS / "tune.md"
    follow(page, place, monkeypatch)
    first, text = record(place, "first"), page.read_text()
    (job,) = first["jobs"]
    assert f"{job['parameters']:,} numbers" in text
    assert f"a frozen backbone of {first['backbone']['parameters']:,}, in {job['units']} *units*" in text
    assert f"{job['parameters']:,} of {first['backbone']['parameters']:,} numbers" in capsys.readouterr().out
    settings = first["config"]
    assert f"LoRA of rank {settings['delta']['rank']}" in text
    assert f"in steps of {settings['recipe']['batch_size']}\nrows" in text
    assert f"on dev every {settings['recipe']['val_check_interval']}." in text
    assert len(record(place, "compared")["jobs"]) == len(list((place / "runs/compared/jobs").iterdir())) == 6
    assert (place / "report.html").stat().st_size > 1000
    assert {path.name for path in (place / "runs/own").iterdir()} == {"lora", "bitfit"}


def test_subspace(place, monkeypatch, capsys):
    follow(TUTORIALS / "subspace.md", place, monkeypatch)
    learned, moved = record(place, "learned"), record(place, "moved")
    assert learned["dim"] == moved["dim"] == 4
    assert moved["task"]["name"] == "restaurant_sentiment"
    assert learned["landscape"]
    assert list((place / "runs/learned/pictures").iterdir())
    told = capsys.readouterr().out
    assert all(f"{source} as {target} " in told for source in moved["methods"] for target in moved["methods"])


def test_search(place, monkeypatch, capsys):
    page = TUTORIALS / "search.md"
    follow(page, place, monkeypatch)
    found, text = record(place, "searched"), page.read_text()
    parameters, amount = found["backbone"]["parameters"], int(found["budget"]["amount"])
    assert f"ppm of the backbone's {parameters:,} parameters: {amount:,} numbers" in " ".join(text.split())
    assert found["structure"]["parameters"] <= found["budget"]["amount"]
    assert (place / "runs/searched/trajectory.json").is_file()
    assert f"{found['structure']['units']} units, {found['structure']['parameters']} numbers" in capsys.readouterr().out
