"""Splits of folders: names, rows, warnings, mistakes; and the published split."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterable
from pathlib import Path

import pytest
from hydra.utils import instantiate
from omegaconf import OmegaConf

from deltalab.errors import UserError
from deltalab.task.folder import read
from deltalab.task.folders import folders
from deltalab.task.leak import Leak
from deltalab.task.metric.crossfit import table

YAML = Path(__file__).parents[2] / "conf" / "task" / "split" / "crossfit_60.yaml"


def write(root: Path, names: Iterable[str], rows: int = 12) -> Path:
    """A folder of rows of its own for each name."""
    for name in names:
        (root / name).mkdir()
        for split in ("train", "dev", "test"):
            lines = [f"{name} {split} {row}\t{('no', 'yes')[row % 2]}\n" for row in range(rows)]
            (root / name / f"{name}_16_13_{split}.tsv").write_text("".join(lines))
    return root


def test_every_name_is_its_folder(tmp_path: Path):
    root = write(tmp_path, ["boolq", "dream", "qasc"])
    split = folders("three", root, ["dream", "boolq"], ["qasc"])
    assert (split.name, list(split.seen), list(split.unseen)) == ("three", ["dream", "boolq"], ["qasc"])
    for name, task in {**split.seen, **split.unseen}.items():
        assert task == read(root / name)
        assert task.dev[3].input == f"{name} dev 3"


def test_what_is_common_to_all_tasks(tmp_path: Path):
    root = write(tmp_path, ["boolq", "qasc"], rows=40)
    split = folders("two", str(root), ["boolq"], ["qasc"], "generate", {"train": 30, "dev": 4}, seed=3)
    for name, task in {**split.seen, **split.unseen}.items():
        assert [len(task.split(part)) for part in ("train", "dev", "test")] == [30, 4, 40]
        assert task.evaluation == "generate"
        kept = sorted(random.Random("3/dev").sample(range(40), 4))
        assert [row.input for row in task.dev] == [f"{name} dev {row}" for row in kept]


def test_the_same_texts_under_two_names_are_warned_about(tmp_path: Path):
    root = write(tmp_path, ["superglue-rte", "glue-rte", "boolq"])
    with pytest.warns(Leak, match=r"^rte: .*same texts: glue-rte and superglue-rte$"):
        folders("rte", root, ["boolq", "superglue-rte"], ["glue-rte"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folders("quiet", root, ["glue-rte", "superglue-rte"], ["boolq"])


def test_missing_folders_are_named_together(tmp_path: Path):
    root = write(tmp_path, ["boolq"])
    with pytest.raises(UserError, match=r"^task\.root=.*: lacks 2 of 3 task folders: dream, qasc$"):
        folders("three", root, ["boolq", "dream"], ["qasc"])


def test_a_name_given_twice(tmp_path: Path):
    root = write(tmp_path, ["boolq", "qasc"])
    for seen, unseen in ((["boolq", "boolq"], ["qasc"]), (["boolq"], ["qasc", "boolq"])):
        with pytest.raises(UserError, match=r"name every task once, not boolq twice$"):
            folders("twice", root, seen, unseen)


def test_an_empty_side(tmp_path: Path):
    with pytest.raises(UserError, match=r"^unseen: a split needs"):
        folders("one", write(tmp_path, ["boolq"]), ["boolq"], [])


def test_the_published_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    node = OmegaConf.load(YAML)
    assert (len(set(node.seen)), len(set(node.unseen)), set(node.seen) & set(node.unseen)) == (60, 10, set())
    assert {*node.seen, *node.unseen} <= set(table())
    assert (node.seen[0], node.seen[-1]) == ("acronym_identification", "xsum")
    # Nine of them are in the paper's tables of unseen tasks.
    assert set(node.unseen) == {
        "rotten_tomatoes",
        "yelp_polarity",
        "superglue-wsc",
        "ai2_arc",
        "qasc",
        "quartz-no_knowledge",
        "blimp-anaphor_number_agreement",
        "eli5-asks",
        "ethos-gender",
        "glue-rte",
    }
    monkeypatch.setenv("CROSSFIT", str(write(tmp_path, [*node.seen, *node.unseen])))
    node.limit.dev = 5
    with pytest.warns(Leak, match=r"superglue-wsc and glue-wnli") as told:
        split = instantiate(node, _convert_="all")
    assert len(told) == 1
    for pair in ("glue-rte and superglue-rte", "rotten_tomatoes and glue-sst2", "ethos-gender and ethos-race"):
        assert pair in str(told[0].message)
    assert [len(task.dev) for side in (split.seen, split.unseen) for task in side.values()] == [5] * 70
    assert split.seen["superglue-rte"].metric.name == "ACC"
