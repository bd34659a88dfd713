"""What stage=optimize found, decoded: a solution for every method of the subspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from deltalab.delta.solution import Solution, vector_hash
from deltalab.run.solve import job_folder
from deltalab.subspace.optimize import SubspaceOptimization
from deltalab.subspace.subspace import Projector

__all__ = ["leave_decoded"]


def leave_decoded(folder: Path, module: SubspaceOptimization, seed: int, facts: Mapping[str, Any]) -> None:
    """Write `solutions/METHOD` for the best code of each job, in a folder for each job where there are several.

    `facts` join the cards; `seed` drew the theta0 of the subspace.
    """
    for i, job in enumerate(module.jobs):
        for method in module.subspace.methods:
            test = module.scores[i][method].value
            told = {"name": job.name, "source": job.delta.name, "test": {"value": test}}
            solution = _decoded(module.subspace[method], module.best[i], seed, {**facts, "job": told})
            solution.save(job_folder(folder, module, job) / "solutions" / method, module.subspace[method].delta)


@torch.no_grad()
def _decoded(projector: Projector, code: Tensor, seed: int, facts: dict[str, Any]) -> Solution:
    theta0 = projector.up.theta0.detach().to("cpu", torch.float32)
    facts["code"] = code.detach().cpu().tolist()
    solution = Solution.of(projector.delta, projector.up(code), seed, facts)
    return replace(solution, theta0=theta0, card={**solution.card, "theta0": vector_hash(theta0)})
