"""Small runs of every stage and family, on the CPU and elsewhere: `python -m tests.elsewhere.runs MODEL FOLDER`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from lightning.pytorch import Trainer

from ..backbone.families.folders import save
from ..run.ranks import ANY, CONSTANT, EPS, MANY, METHODS, RUNS, STEPS
from ..run.support import BARE, SMALL, program
from .device import OPERATIONS, leave, register
from .trainer import elsewhere

_MIX = ("search_space=mix", "budget.parameters=300", *EPS, *MANY, *STEPS)
_DELTAS = "[lora,adapter,prefix,{prompt: {length: 3}},bitfit,ia3,compacter,lnfit,low_rank_adapter,full]"
_MORE = {
    "pack": (*MANY, *STEPS, f"pack.delta={_DELTAS}"),
    "generate": (*MANY, *STEPS, "task.evaluation=generate", "pack.delta=[lora,prefix,{prompt: {length: 3}}]"),
    "adafactor": (*MANY, *CONSTANT, "optimizer=adafactor", "delta=adapter"),
    "two_layer": ("stage=approximate", *METHODS, *MANY, *STEPS, "subspace.up=two_layer"),
    "fastfood": ("stage=optimize", "subspace=fastfood", *METHODS[1:], *MANY, *STEPS),
    "exact": (*_MIX, "hypergradient=exact", "stack.attention=eager"),
    "l0": (*_MIX, "hypergradient=first_order", "strategy=l0", "gate=hard_concrete"),
    "tau_theta": (*_MIX, "strategy=tau_theta"),
    "magnitude": ("search_space=mix", "budget.parameters=300", "choice=magnitude", *MANY, *STEPS),
}
_FAMILIES = ("bart", "bert", "gpt2", "llama")
NAMES = (*RUNS, *_MORE, *_FAMILIES)


def runs(model: Path, folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every run by name, and its overrides."""
    for name, words in {**RUNS, **_MORE}.items():
        yield name, (*ANY, f"backbone.path={model}", *words)
    for name in _FAMILIES:
        words = ("backbone=pretrained", f"backbone.path={save(name, folder / 'models' / name)}", *BARE, *SMALL)
        yield name, (*words, "data.max_input_length=24", "optimizer.eps=0.01", f"pack.delta={_DELTAS}")


def main(model: Path, folder: Path) -> None:
    """Leave FOLDER/cpu/NAME and FOLDER/elsewhere/NAME, what the runs said in FOLDER/errors.json, and how many
    operations each had carried out elsewhere in FOLDER/operations.json."""
    register()
    errors, operations = {}, {}
    for name, words in runs(model, folder):
        kind = "search" if any(word.startswith("search_space=") for word in words) else "train"
        for place in ("cpu", "elsewhere"):
            moved = patch.object(Trainer, "__init__", elsewhere) if place == "elsewhere" else nullcontext()
            where, before = folder / place, OPERATIONS.total()
            with moved:
                done = program(*words, f"store.root={where}/store", folder=where / name, name=kind)
            errors[f"{name} on {place}"] = done.err
            operations[f"{name} on {place}"] = OPERATIONS.total() - before
    (folder / "operations.json").write_text(json.dumps(operations))
    (folder / "errors.json").write_text(json.dumps(errors))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
    leave()
