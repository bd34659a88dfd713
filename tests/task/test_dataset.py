"""Any dataset by patterns, from small ones made here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.dataset import read

datasets = pytest.importorskip("datasets")

ROWS = [
    {"sentence": f"s {row}", "other": f"o {row}", "label": row % 2, "answers": {"text": [f"a {row}", "b", f"a {row}"]}}
    for row in range(20)
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder as a repository of the hub: one file a split."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    place = tmp_path / "sentences"
    place.mkdir()
    for split in ("train", "validation", "test"):
        (place / f"{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return str(place)


def test_three_lines(folder: str):
    task = read(folder, "{sentence} / {other}", "{label}", ["negative", "positive"])
    assert (task.name, task.labels, task.evaluation) == ("sentences", ("negative", "positive"), "rank")
    assert [(row.input, row.outputs) for row in task.test[:2]] == [
        ("s 0 / o 0", ("negative",)),
        ("s 1 / o 1", ("positive",)),
    ]


def test_answers_in_a_list_are_all_acceptable(folder: str):
    task = read(folder, "{sentence}", "{answers[text]}", metric="EM/QA-F1", name="mine")
    assert task.dev[3].outputs == ("a 3", "b")
    assert (task.name, task.labels, task.evaluation) == ("mine", None, "generate")
    assert read(folder, "{sentence}", "is {answers[text][1]}", metric="EM").dev[3].outputs == ("is b",)


def test_slices_limits_and_shots(folder: str):
    parts = {"train": "train[:50%]", "dev": "train[50%:]"}
    task = read(folder, "{sentence}", labels=["a", "b"], splits=parts, limit={"test": 3}, shots=2)
    assert (len(task.train), len(task.dev), len(task.test)) == (4, 4, 3)
    assert {row.input for row in task.dev} <= {f"s {row}" for row in range(10, 20)}


def test_classes_bring_their_names(monkeypatch: pytest.MonkeyPatch):
    features = datasets.Features({"text": datasets.Value("string"), "kind": datasets.ClassLabel(names=["sun", "rain"])})
    rows = datasets.Dataset.from_dict({"text": ["x", "y"], "kind": [1, 0]}, features=features)
    monkeypatch.setattr(datasets, "load_dataset", lambda *words, split, **options: [rows for _ in split])
    task = read("someone/weather", "{text}", "{kind}")
    assert (task.name, task.labels, task.train[0].outputs) == ("weather", ("rain", "sun"), ("rain",))
    rows = datasets.Dataset.from_dict({"text": ["x"], "kind": [-1]}, features=features)
    with pytest.raises(UserError, match=r"^task\.splits\.train: row 1 has label -1; task\.labels names 2: sun, rain"):
        read("someone/weather", "{text}", "{kind}")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"input": "{sentense}"},
            r"^task\.splits\.train: row 1 has no 'sentense' for task\.input or task\.output; its col",
        ),
        ({"input": "sentence"}, r"^task\.input: 'sentence' shows no column; write it as \{sentence\}"),
        ({"input": "{sentence"}, r"^task\.input: '\{sentence' is malformed"),
        ({"output": "{other}"}, r"^task\.splits\.train: row 1 has output 'o 0'; task\.labels allows no, yes"),
        ({"labels": ["no"]}, r"^task\.splits\.train: row 2 has label 1; task\.labels names 1: no"),
        ({"splits": {"valid": "test"}}, r"^task\.splits: unknown split 'valid'"),
        ({"splits": {"dev": "dev"}}, r"^task\.dataset=.*: ValueError: .*local copy: task\.dataset=DIR"),
    ],
)
def test_mistakes(folder: str, options: dict[str, object], message: str):
    with pytest.raises(UserError, match=message):
        read(folder, **{"input": "{sentence}", "labels": ["no", "yes"], **options})
