"""The hub's library on folders of this machine, and its errors in one line."""

from __future__ import annotations

import builtins
import json
from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.hub import download

datasets = pytest.importorskip("datasets")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dataset as a repository of the hub lays it out, and a cache of its own."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    place = tmp_path / "rows"
    place.mkdir()
    for split in ("train", "test"):
        rows = [{"sentence": f"{split} {row}", "label": row % 2} for row in range(10)]
        (place / f"{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return place


def test_splits_by_our_names_and_slices(folder: Path):
    found = download(str(folder), None, {"train": "train[:80%]", "dev": "train[80%:]", "test": "test"})
    assert [row["sentence"] for row in found["dev"]] == ["train 8", "train 9"]
    assert [len(found[split]) for split in ("train", "dev", "test")] == [8, 2, 10]


def test_a_split_that_is_not_there(folder: Path):
    with pytest.raises(UserError, match=r"^task\.dataset=.*rows: ValueError: .*validation.*local copy: task\.path=DIR"):
        download(str(folder), None, {"dev": "validation"}, instead="task.path=DIR")


def test_a_hub_out_of_reach(monkeypatch: pytest.MonkeyPatch):
    def refuse(*words: object, **options: object) -> None:
        raise ConnectionError("no route\nto the hub")

    monkeypatch.setattr(datasets, "load_dataset", refuse)
    with pytest.raises(UserError, match=r"^task\.dataset=nyu-mll/glue: ConnectionError: no route; check name") as error:
        download("nyu-mll/glue", "sst2", {"train": "train"})
    assert "\n" not in str(error.value)


def test_the_package_may_be_missing(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def absent(name: str, *others: object, **more: object) -> object:
        if name == "datasets":
            raise ImportError(name)
        return real(name, *others, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(UserError, match=r"pip install 'deltalab\[hub\]'"):
        download("nyu-mll/glue", "sst2", {"train": "train"})
