"""Solutions that a subspace is made from, by their folders instead of by what determines them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deltalab.backbone.backbone import Backbone
from deltalab.delta.method import Delta, Method
from deltalab.delta.solution import Solution, vector_hash
from deltalab.errors import UserError, one_of
from deltalab.task.task import Task

__all__ = ["given_solutions"]

_WHERE = "subspace.given"


def given_solutions(
    folders: Any,  # noqa: ANN401
    methods: Mapping[str, Method],
    backbone: Backbone,
    seed: int,
    task: Task,
) -> dict[str, list[Solution]]:
    """The solutions in a mapping from every method of the subspace to folders, all from the theta0 of `seed`.

    Raises `UserError` for a method without folders, and for a solution of another method, backbone or task, from
    another theta0, or that no run has tested.
    """
    if not isinstance(folders, Mapping):
        raise UserError(f"{_WHERE}={folders}: folders by method are needed, as in {{lora: [DIR, DIR], adapter: [DIR]}}")
    for name in folders:
        one_of("method", name, methods, _WHERE)
    deltas = {name: method.bind(backbone, name) for name, method in methods.items()}
    return {name: _of(name, folders.get(name), delta, seed, task) for name, delta in deltas.items()}


def _of(name: str, folders: Any, delta: Delta, seed: int, task: Task) -> list[Solution]:  # noqa: ANN401
    if not isinstance(folders, list) or not folders:
        raise UserError(f"{_WHERE}.{name}={folders}: a list of folders of solutions is needed")
    return [_one(Path(str(folder)).expanduser(), delta, seed, task) for folder in folders]


def _one(folder: Path, delta: Delta, seed: int, task: Task) -> Solution:
    if not folder.is_dir():
        raise UserError(
            f"solution {folder}: no such folder; make it with "
            f"python train.py stage=tune task={task.name} delta={delta.name} theta0_seed={seed} hydra.run.dir=RUN, "
            f"and give RUN/solution"
        )
    found = Solution.load(folder, delta)
    theirs = found.card.get("task", {})
    if theirs.get("fingerprint") != task.fingerprint:
        raise UserError(
            f"solution {folder}: of the task '{theirs.get('name')}' or other rows of it, not of the '{task.name}' here"
        )
    if found.card["theta0"] != vector_hash(delta.layout.initial(seed)):
        raise UserError(
            f"solution {folder}: counts from the theta0 of seed {found.card['seed']}, the subspace from that of {seed}"
        )
    if found.card.get("job", {}).get("test") is None:
        raise UserError(
            f"solution {folder}: no run has tested it; evaluate it with solution={folder} trainer.max_steps=0, "
            "and give the solution of that run"
        )
    return found
