"""The landscape: how every method scores where the codes of a task's solutions are mixed in given shares."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from deltalab.backbone.batch import Batch
from deltalab.delta.stack import Stack
from deltalab.subspace.encoded import vertices
from deltalab.subspace.judge import Judge
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Subspace

__all__ = ["grid", "landscape"]


def grid(methods: int, resolution: int) -> Tensor:
    """All weights (P, M) on the simplex whose entries are multiples of 1 / `resolution`."""
    cuts = itertools.combinations(range(resolution + methods - 1), methods - 1)
    edges = torch.tensor([(-1, *cut, resolution + methods - 1) for cut in cuts])
    return (edges.diff(dim=1) - 1) / resolution


def landscape(
    stack: Stack,
    subspace: Subspace,
    solved: Solved,
    batches: Sequence[Batch],
    split: str,
    resolution: int,
    at_once: int,
) -> list[dict[str, Any]]:
    """Scores on a split at every point of the grid: {"weights": [M], "scores": {method: value}}.

    `at_once` points share a pass over the batches.
    """
    corners, methods, found = vertices(subspace, solved), subspace.methods, []
    for weights in grid(len(methods), resolution).split(at_once):
        points = {str(i): z for i, z in enumerate(weights.to(corners) @ corners)}
        judge = Judge(stack, subspace, [solved], [dict.fromkeys(methods, points)].__getitem__)
        for batch in batches:
            judge.answer(batch.to(stack.backbone.device), 0)
        (scores,) = judge.scores(split)
        for i, point in enumerate(weights.tolist()):
            found.append({"weights": point, "scores": {m: scores[m, str(i)].value for m in methods}})
    return found
