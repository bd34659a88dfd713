"""The two stages about subspaces, as small as they can be, and their results by the plainest means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch
from torch import Tensor
from torch.utils import _pytree as pytree
from transformers import AutoTokenizer

from deltalab.backbone.batch import Batch
from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import pretrained
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.solution import Solution
from deltalab.delta.stack import Stack
from deltalab.run import solutions, subspaces
from deltalab.store.entry import Entry
from deltalab.store.store import Store
from deltalab.task.builtin import make
from deltalab.task.example import Example
from deltalab.task.task import Task

from .support import Outcome, program

SIZES = {"train": 48, "dev": 12, "test": 12}
ROWS = "{train: 48, dev: 12, test: 12}"
WHOLE = ("trainer.limit_val_batches=1.0", "trainer.limit_test_batches=1.0")
TINY = (
    "data.eval_batch_size=48",
    *WHOLE,
    "subspace.methods=[{lora: {rank: 2}},{adapter: {size: 3}}]",
    "needs.tune=['optimizer.lr=0.03','trainer.max_steps=4','trainer.limit_test_batches=1.0']",
)
STEPS = ("optimizer.lr=0.03", "trainer.max_steps=6", "trainer.val_check_interval=2")
LEARN = ("stage=approximate", f"task.sizes={ROWS}", "subspace=d2", *STEPS)
MOVE = ("stage=optimize", "task=restaurant_sentiment", f"task.sizes={ROWS}", f"needs.approximate={[*STEPS, *WHOLE]}")
SHORT = ("trainer.max_steps=1", "trainer.val_check_interval=1")
METHODS = ["lora", "adapter"]
SOURCE = f"subspace.source_task=['task=movie_sentiment','task.sizes={ROWS}']"


FOUR_EACH = ("optimizer.lr=null", "pack.lr=[0.1,3]", "pack.seed=[0,1]")
MOVED = (*MOVE, SOURCE, "subspace=d2", "trainer.max_steps=4", *FOUR_EACH)
"""A run of stage=optimize of two sources, two seeds and two learning rates."""


@dataclass(frozen=True)
class Watched:
    """A run of the program, and what it made because the store did not have it: jobs tuned, subspaces learnt."""

    outcome: Outcome
    tuned: list[str]
    learnt: int

    @property
    def record(self) -> dict[str, Any]:
        """The run's record."""
        return self.outcome.record

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self.outcome.folder


def watched(*overrides: str, folder: Path, model: Path) -> Watched:
    """Run the program to a good end, and see what it makes for the store."""
    tune, learn = solutions._tune, subspaces.learn
    with (
        patch.object(solutions, "_tune", wraps=tune) as tuning,
        patch.object(subspaces, "learn", wraps=learn) as learning,
    ):
        done = program(*TINY, *overrides, folder=folder, model=model)
    assert (done.code, done.err) == (0, "")
    jobs = [f"{call.args[2].name} {job.name}" for call in tuning.call_args_list for job in call.args[3]]
    return Watched(done, jobs, learning.call_count)


def findings(run: Watched) -> dict[str, Any]:
    """A record without what differs from run to run: folder, checkpoint to go on from, time, memory, commit."""
    record = json.loads(json.dumps(run.record).replace(str(run.folder), "FOLDER"))
    for key in ("seconds", "peak_memory_mb", "revision"):
        del record[key]
    del record["config"]["resume"], record["config"]["store"]
    return record


def deltas(model: Path) -> dict[str, Delta]:
    """The methods of `TINY` on a backbone of their own."""
    backbone = pretrained(str(model), t5())
    return {name: one.bind(backbone, name) for name, one in {"lora": Lora(rank=2), "adapter": Adapter(size=3)}.items()}


def small_task(name: str) -> Task:
    """A built-in task as small as in `TINY`."""
    return make(name, SIZES)


@torch.no_grad()
def accuracy(model: Path, delta: Delta, theta: Tensor, rows: Sequence[Example], labels: Sequence[str]) -> float:
    """The share of rows whose likeliest label is right, one row and one label at a time."""
    tokenizer, stack = AutoTokenizer.from_pretrained(model), Stack(delta.backbone)

    def likelihood(row: Example, label: str) -> float:
        source, target = (torch.tensor([tokenizer(text).input_ids]) for text in (row.input, label))
        batch = Batch(source, torch.ones_like(source), target, torch.zeros(1, dtype=torch.long))
        chances = stack.logits(batch, [Segment(delta, theta)]).log_softmax(-1)
        return sum(float(chances[0, place, token]) for place, token in enumerate(target[0].tolist()))

    right = [max(labels, key=lambda label, row=row: likelihood(row, label)) in row.outputs for row in rows]
    return sum(right) / len(right)


class PowerCutError(Exception):
    """What ends a run in the middle."""


def cut_short(stage: type, steps: int, *overrides: str, folder: Path, model: Path) -> Path:
    """Run the program until a stage begins a step after `steps`; returns the checkpoint it left, of step 4."""

    def beginning(module: Any, batch: Any, index: int) -> None:
        if module.trainer.global_step == steps:
            raise PowerCutError

    with patch.object(stage, "on_train_batch_start", beginning), pytest.raises(PowerCutError):
        program(*TINY, *overrides, folder=folder, model=model)
    assert not (folder / "record.json").exists()
    left = folder / "checkpoints" / "last.ckpt"
    assert torch.load(left, weights_only=True)["global_step"] == 4
    return left


def same_end(one: Path, other: Path) -> bool:
    """Whether two runs ended with the same numbers in training and in the optimiser, bit for bit."""
    ends = [torch.load(folder / "checkpoints" / "last.ckpt", weights_only=True) for folder in (one, other)]
    assert [end["global_step"] for end in ends] == [6, 6]
    a, b = ([end["state_dict"], end["optimizer_states"][0]["state"]] for end in ends)
    found = [pytree.tree_flatten_with_path(side)[0] for side in (a, b)]
    assert [place for place, _ in found[0]] == [place for place, _ in found[1]]
    return all(torch.equal(x, y) for (_, x), (_, y) in zip(*found, strict=True))


def stored(root: Path, kind: str) -> list[Entry]:
    """The entries of one kind in a store, oldest first."""
    return [entry for entry in Store(root).entries() if entry.kind == kind]


def solution_of(root: Path, task: str, delta: Delta) -> Solution:
    """The only solution of a task by a delta that a store holds."""
    (entry,) = [e for e in stored(root, "solution") if e.facts["what"] == f"{delta.name} on {task}, seed 42"]
    return Solution.load(entry.path / "solution", delta)
