"""Runs that end in the middle, and what two runs have in common."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch

from deltalab.packed.packed import Packed

from .stages import PowerCutError
from .support import program

ROWS = "task.sizes={train: 48, dev: 12, test: 12}"
TUNE = (ROWS, "data.batch_size=8", "delta.rank=2", "optimizer.lr=0.03")
_FOUND = ("score", "jobs", "tasks", "best_step", "history", "e_sub", "e_rel")
STEPS = ("trainer.max_steps=12", "trainer.val_check_interval=2")


def cut(step: int, *overrides: str, folder: Path, model: Path, stage: type = Packed, name: str = "train") -> None:
    """Run a program until a stage begins the step after `step`."""

    def beginning(module: Any, batch: Any, index: int) -> None:
        if module.trainer.global_step == step:
            raise PowerCutError

    with patch.object(stage, "on_train_batch_start", beginning), pytest.raises(PowerCutError):
        program(*overrides, folder=folder, model=model, name=name)


def left(folder: Path) -> dict[str, Any]:
    """What a finished run found: its record's numbers, every byte of its solutions, every number at training's end."""
    record = json.loads((folder / "record.json").read_text())
    found = {key: record[key] for key in _FOUND if key in record}
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("**/*.safetensors")}
    ends = [torch.load(path, weights_only=True)["state_dict"] for path in sorted(folder.glob("**/last.ckpt"))]
    numbers = [{name: tensor.tolist() for name, tensor in end.items()} for end in ends]
    return {**found, **files, "ends": numbers}
