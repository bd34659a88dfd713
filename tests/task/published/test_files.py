"""Local copies: where they may lie, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.published.files import local
from deltalab.task.published.table import table

from .distributed import glue


def test_the_folder_of_a_task_or_of_its_collection(tmp_path: Path):
    root = glue(tmp_path / "glue")
    assert local(table()["glue-rte"], str(root)) == local(table()["glue-rte"], str(root / "RTE"))


def test_a_folder_written_by_the_library(tmp_path: Path):
    datasets = pytest.importorskip("datasets")
    rows = {"sentence": ["a", "b"], "label": [0, 1]}
    two = {split: datasets.Dataset.from_dict(rows) for split in ("train", "validation")}
    datasets.DatasetDict(two).save_to_disk(str(tmp_path / "sst2"))
    found = local(table()["glue-sst2"], str(tmp_path / "sst2"))
    assert [dict(row) for row in found["validation"]] == [{"sentence": "a", "label": 0}, {"sentence": "b", "label": 1}]
    with pytest.raises(UserError, match=r"no split 'validation_matched'; the folder has train, validation$"):
        local(table()["glue-mnli"], str(tmp_path / "sst2"))


def test_columns_by_header_and_lines_that_fall_short(tmp_path: Path):
    header = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
    for split in ("train", "dev"):
        (tmp_path / f"{split}.tsv").write_text(header + '1\t1\t2\ta "b\tc\t1\nbroken\t1\n2\t1\t2\td\te\t0\n')
    rows = local(table()["glue-qqp"], str(tmp_path))["train"]
    assert [(row["question1"], row["question2"], row["label"]) for row in rows] == [('a "b', "c", "1"), ("d", "e", "0")]


@pytest.mark.parametrize(
    ("name", "files", "message"),
    [
        ("glue-sst2", {}, r"no train\.tsv here or in SST-2/"),
        ("glue-sst2", {"train.tsv": "sentence\tlabel\n"}, r"no dev\.tsv beside train\.tsv"),
        (
            "glue-sst2",
            {"train.tsv": "sentence\tlabel\nno tab\n", "dev.tsv": ""},
            r"train\.tsv:2: 1 columns; expected 2",
        ),
        ("glue-mrpc", {"train.tsv": "Quality\tText\n", "dev.tsv": ""}, r"train\.tsv:1: no column '#1 String'; the"),
        ("superglue-cb", {"train.jsonl": "{}\n{oops\n", "val.jsonl": ""}, r"train\.jsonl:2: not JSON"),
        ("superglue-cb", {"train.jsonl": "[1]\n", "val.jsonl": ""}, r"train\.jsonl:1: not an object"),
        ("superglue-multirc", {"train.jsonl": "{}\n", "val.jsonl": ""}, r"train\.jsonl: not in the form of MultiRC"),
        ("squad", {"train-v1.1.json": json.dumps({"data": [1]}), "dev-v1.1.json": "{}"}, r"not in the form of squad"),
    ],
)
def test_mistakes(tmp_path: Path, name: str, files: dict[str, str], message: str):
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    with pytest.raises(UserError, match=message):
        local(table()[name], str(tmp_path))
