"""Every file in conf/task makes a task, and a file is there for every built-in one."""

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf

from deltalab.task.builtin.make import RECIPES
from deltalab.task.catalogue import option
from deltalab.task.published.table import table
from deltalab.task.task import Task

from .published.distributed import glue, squad, superglue, webnlg

FOLDER = Path(__file__).parents[2] / "conf" / "task"


def test_every_built_in_task_has_a_file():
    assert set(RECIPES) <= {file.stem for file in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize("name", RECIPES)
def test_built_in_tasks(name: str):
    config = OmegaConf.load(FOLDER / f"{name}.yaml")
    OmegaConf.update(config, "sizes", {"train": 60, "dev": 5, "test": 7}, merge=True)
    task = instantiate(config)
    assert isinstance(task, Task)
    assert (task.name, len(task.train), len(task.dev), len(task.test)) == (name, 60, 5, 7)


def test_a_folder_by_flat_keys(tmp_path: Path):
    for split in ("train", "dev", "test"):
        (tmp_path / f"x_16_13_{split}.tsv").write_text("".join(f"row {row}\tyes\n" for row in range(9)))
    config = OmegaConf.load(FOLDER / "tsv.yaml")
    config.merge_with_dotlist([f"path={tmp_path}", "limit.dev=4", "metric=acc", "name=mine"])
    task = instantiate(config)
    assert (task.name, task.metric.name, len(task.train), len(task.dev)) == ("mine", "ACC", 9, 4)


def composed(*overrides: str) -> DictConfig:
    with initialize_config_dir(str(FOLDER.parent), version_base="1.3"):
        return compose("train", overrides=list(overrides)).task


@pytest.mark.parametrize("choice", ["glue/rte", "superglue/cb", "squad", "webnlg"])
def test_published_tasks_from_a_copy(choice: str, tmp_path: Path):
    glue(tmp_path / "glue")
    superglue(tmp_path / "superglue")
    squad(tmp_path / "squad")
    webnlg(tmp_path / "webnlg")
    node = composed(f"task={choice}", f"task.path={tmp_path / choice.split('/')[0]}", "task.limit.test=3")
    task = instantiate(node, _convert_="all")
    assert (task.name, len(task.test)) == (choice.replace("/", "-"), 3)


def test_every_published_task_has_a_file():
    assert {composed(f"task={option(name)}").name for name in table()} == set(table())


def test_a_hub_dataset_in_three_lines(tmp_path: Path):
    (tmp_path / "task").mkdir()
    lines = [
        "defaults: [/task/hub@_here_, _self_]",
        "dataset: rows",
        'input: "{sentence}"',
        "labels: [negative, positive]",
    ]
    (tmp_path / "task" / "mine.yaml").write_text("\n".join(lines))
    node = composed("task=mine", f"hydra.searchpath=[{tmp_path}]")
    assert (node.dataset, node.input, node.output, node.labels) == (
        "rows",
        "{sentence}",
        "{label}",
        ["negative", "positive"],
    )
    assert node._target_ == "deltalab.task.dataset.read"
