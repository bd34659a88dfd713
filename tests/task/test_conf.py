"""Every file in conf/task makes a task, and a file is there for every built-in one."""

from pathlib import Path

import pytest
from hydra.utils import instantiate
from omegaconf import OmegaConf

from deltalab.task.builtin.make import RECIPES
from deltalab.task.task import Task

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
