"""Small runs of every stage, in order; each process of `torchrun -m tests.run.ranks MODEL FOLDER` takes part in all."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from deltalab.packed.packed import Packed

from .support import program

ROWS = "{train: 47, dev: 13, test: 11}"
ANY = ("backbone=t5", "data.eval_batch_size=24", "logger=csv", "callbacks=quiet", "trainer.accelerator=cpu")
MANY = (f"task.sizes={ROWS}", "data.batch_size=8")
# Seven rows in batches of two, a row for each method, or one: a process has none of a block.
FEW = ("task.sizes={train: 7, dev: 13, test: 11}", "data.batch_size=2", "stage.partitioned=true")
STEPS = (
    "trainer.max_steps=8",
    "trainer.val_check_interval=4",
    "trainer.log_every_n_steps=1",
    "optimizer.eps=0.01",
)
CONSTANT = STEPS[:3]
TWICE = ("trainer.accumulate_grad_batches=2",)
SHORT = "['optimizer.eps=0.01','trainer.max_steps=4','trainer.val_check_interval=4']"
METHODS = ("subspace=d2", "subspace.methods=[{lora: {rank: 2}},{adapter: {size: 3}}]", f"needs.tune={SHORT}")
SOURCE = f"subspace.source_task=['task=restaurant_sentiment','task.sizes={ROWS}']"
SPACE = ("search_space=lora", "budget.parameters=300")
EPS = ("search.optimizer.eps=0.01", "search.alpha_optimizer.eps=0.01")

RUNS: dict[str, tuple[str, ...]] = {
    "tune": (*MANY, *STEPS, "delta.rank=2"),
    "approximate": ("stage=approximate", *METHODS, *FEW, *STEPS, "recipe.landscape=2"),
    "factors": ("stage=approximate", *METHODS, *FEW, *CONSTANT, "subspace.dim=4", "optimizer=adafactor", *TWICE),
    "joint": ("stage=approximate", "subspace=joint", "subspace.dim=2", METHODS[1], *FEW, *STEPS),
    "optimize": ("stage=optimize", *METHODS, SOURCE, f"needs.approximate={SHORT}", *MANY, *STEPS),
    "encode": ("stage=encode", *METHODS, SOURCE, f"needs.approximate={SHORT}", f"task.sizes={ROWS}"),
    "search": (*SPACE, *EPS, *MANY, *STEPS),
    "sensitivity": (*SPACE, "choice=sensitivity", "choice.steps=3", "choice.batches=6", "retrain=false", *MANY, *STEPS),
}


def carried_out(name: str, model: Path, folder: Path, *more: str) -> int:
    """Carry out a run in FOLDER/NAME; its exit code."""
    words = (f"backbone.path={model}", *ANY, *RUNS[name], f"store.root={folder}/store", *more)
    done = program(*words, folder=folder / name, name="search" if SPACE[0] in words else "train")
    print(name, done.code, done.err, file=sys.stderr)  # noqa: T201
    return done.code


def interrupted(model: Path, folder: Path, *more: str) -> int:
    """Begin the tuning in FOLDER/tune and ask the first process to end after its fifth step."""
    training_step = Packed.training_step

    def asked(module: Packed, batch: Any, index: int) -> Any:
        if module.trainer.is_global_zero and module.trainer.global_step == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        return training_step(module, batch, index)

    with patch.object(Packed, "training_step", asked):
        return carried_out("tune", model, folder, *more)


if __name__ == "__main__":
    place, two = (Path(sys.argv[1]), Path(sys.argv[2])), "trainer.devices=2"
    codes = {"interrupted": interrupted(*place, two)} | {name: carried_out(name, *place, two) for name in RUNS}
    (place[1] / f"codes-{os.environ['RANK']}.json").write_text(json.dumps(codes))
