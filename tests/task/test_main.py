"""python -m deltalab.task: lists, cards and checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from deltalab.task.__main__ import main
from deltalab.task.builtin.make import RECIPES
from deltalab.task.catalogue import listing
from deltalab.task.gym.collection import collection
from deltalab.task.metric.crossfit import table

from .gym.test_read import gym
from .published.distributed import glue, superglue

CONF = Path(__file__).parents[2] / "conf" / "task"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    return code, *capsys.readouterr()


def test_every_name_is_listed_and_every_option_is_there(capsys: pytest.CaptureFixture[str]):
    built, published, crossfit, partitions = listing().values()
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert {*RECIPES, *table(), *collection().splits} <= set(out.split())
    assert set(built) == set(RECIPES)
    assert len(published) == 19
    assert set(crossfit) == set(table())
    for option in (*built, *published, *(f"split/{name}" for name in partitions)):
        assert (CONF / f"{option}.yaml").is_file()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("topic", ["topic: built-in, Classification-F1"]),
        (
            "superglue/copa",
            ["task=superglue/copa", "published  superglue-copa premise: {premise} choice1", "0 choice1"],
        ),
        (
            "glue-mrpc",
            ["F1:1/ACC", "task=crossfit task.name=glue-mrpc", "glue-mrpc_16_SEED", "dev        crossfit_train_non"],
        ),
        ("split/crossfit_random", ["train 120  glue-mrpc", "test   20  quoref"]),
    ],
)
def test_what_is_known(capsys: pytest.CaptureFixture[str], name: str, found: list[str]):
    code, out, _ = run(capsys, "show", name)
    assert code == 0
    assert all(one in out for one in found)


def test_an_unknown_name(capsys: pytest.CaptureFixture[str]):
    code, out, err = run(capsys, "show", "toopic")
    assert (code, out) == (2, "")
    assert err == "show: unknown task 'toopic'; did you mean topic or news_topic or story_emotion? " + (
        "all names: python -m deltalab.task list\n"
    )


def test_a_gym(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, "check", str(gym(tmp_path)))
    assert code == 0
    assert "glue-cola: 2 sets of files\n" in out
    assert "sick: 1 set of files\nmissing of CrossFit's 160 tasks: 158\n" in out
    assert "task=split/crossfit_train_non_nli_test_nli: 2 of 64 tasks" in out
    (tmp_path / "sick" / "sick_16_13_dev.tsv").write_text("none\n")
    code, out, _ = run(capsys, "check", str(tmp_path))
    assert code == 1
    assert "sick_16_13_dev.tsv:1: no tab in 'none'" in out


def test_copies_of_other_collections(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, "check", str(glue(tmp_path / "glue")))
    assert code == 0
    assert "glue-sst2: 18 train, 2 dev, 20 test rows\n" in out
    assert (len(out.splitlines()), "missing" in out) == (9, False)
    root = superglue(tmp_path / "superglue")
    (root / "CB" / "val.jsonl").write_text("{\n")
    code, out, _ = run(capsys, "check", str(root))
    assert code == 1
    assert "superglue-rte: 20 train, 10 dev, 10 test rows" in out
    assert "CB/val.jsonl:1: not JSON" in out


def test_one_task_and_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, "check", str(gym(tmp_path) / "glue-cola"))
    assert (code, out) == (
        0,
        "glue-cola_16_13: 13 train, 13 dev, 13 test rows\nglue-cola_16_42: 42 train, 42 dev, 42 test rows\n",
    )
    code, _, err = run(capsys, "check", str(tmp_path / "gone"))
    assert (code, "gone: no such folder" in err) == (2, True)
