"""Artifacts are named by their content, and used where W&B can know of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch
from lightning.pytorch.loggers import WandbLogger
from safetensors.torch import save_file

from deltalab.report.artifact import artifact, log_artifacts, use_artifacts


class Run:
    """A W&B run that remembers."""

    def __init__(self) -> None:
        self.logged, self.used = [], []

    def log_artifact(self, made) -> None:
        self.logged.append(made)

    def use_artifact(self, made) -> None:
        self.used.append(made)


class Noted(WandbLogger):
    """A logger with such a run."""

    def __init__(self, mode: str) -> None:
        self._wandb_init, self.run = {"mode": mode}, Run()

    @property
    def experiment(self) -> Run:
        return self.run


@pytest.fixture
def solution(tmp_path: Path) -> Path:
    folder = tmp_path / "solution"
    folder.mkdir()
    save_file({"a": torch.ones(3)}, folder / "theta.safetensors")
    (folder / "solution.json").write_text("{}")
    return folder


def test_the_same_tensors_have_the_same_name_wherever_they_lie(solution: Path, tmp_path: Path) -> None:
    content = b"theta.safetensors\0" + (solution / "theta.safetensors").read_bytes()
    made = artifact("solution", solution, {"score": 0.5})
    assert made.name == f"solution-{hashlib.sha256(content).hexdigest()[:8]}"
    assert (made.type, made.metadata) == ("solution", {"score": 0.5})
    assert set(made.manifest.entries) == {"theta.safetensors", "solution.json"}
    (solution / "solution.json").write_text('{"when": 1}')  # a card is none of the content
    assert artifact("solution", solution.rename(tmp_path / "elsewhere")).name == made.name
    save_file({"a": torch.zeros(3)}, tmp_path / "elsewhere" / "theta.safetensors")
    assert artifact("solution", tmp_path / "elsewhere").name != made.name


def test_a_structure_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "structure.yaml"
    path.write_text("units: []\n")
    made = artifact("structure", path)
    assert made.name == "structure-" + hashlib.sha256(b"structure.yaml\0units: []\n").hexdigest()[:8]
    assert set(made.manifest.entries) == {"structure.yaml"}


def test_what_is_left_is_logged_and_what_is_not_there_is_not(solution: Path, tmp_path: Path) -> None:
    logger = Noted("offline")
    log_artifacts([object(), logger], [("solution", solution), ("subspace", tmp_path / "none")], {})
    assert [made.name for made in logger.run.logged] == [artifact("solution", solution).name]


@pytest.mark.parametrize(("mode", "count"), [("online", 1), ("offline", 0), ("disabled", 0)])
def test_inputs_are_named_online_alone(solution: Path, mode: str, count: int, tmp_path: Path) -> None:
    logger = Noted(mode)
    use_artifacts([object(), logger], [("solution", solution), ("structure", tmp_path / "drawn")])
    assert [made.name for made in logger.run.used] == [artifact("solution", solution).name] * count
