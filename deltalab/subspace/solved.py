"""Solved tasks: what tuning found, as steps away from theta0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.delta.solution import Solution
from deltalab.errors import UserError
from deltalab.step import Answerer
from deltalab.task.task import Task

__all__ = ["Solved", "steps"]


@final
@dataclass(frozen=True)
class Solved:
    """A task with v = theta - theta0 of its solutions, (S, D) for each method; S may differ from method to method."""

    task: Task
    answerer: Answerer
    steps: Mapping[str, Tensor]


def steps(solutions: Mapping[str, Sequence[Solution]]) -> dict[str, Tensor]:
    """v (S, D) of each method's solutions; `UserError` where a method has none, or one that is its theta0
    still, or they start from several theta0."""
    found = {}
    for method, given in solutions.items():
        if not given:
            raise UserError(f"subspace: no solution of '{method}'")
        if len({solution.card["theta0"] for solution in given}) > 1:
            raise UserError(
                f"subspace: the solutions of '{method}' start from different theta0; tune them with one seed for theta0"
            )
        found[method] = torch.stack([solution.theta - solution.theta0 for solution in given])
        if not found[method].any(1).all():
            raise UserError(f"subspace: a solution of '{method}' is its theta0 still, as if it had not been trained")
    return found
