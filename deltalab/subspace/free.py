"""Codes of tasks that nobody solved: numbers trained together with the up-projections."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from deltalab.subspace.codes import Codes, Drawn, Places
from deltalab.subspace.subspace import Subspace

__all__ = ["Free"]


@final
class Free(Codes):
    """One code a task (T, d), N(0, 0.02^2) at first; every method decodes it, and the tasks' losses alone train it.

    The joint mode (hyper_PET) of Unified-DeltaTuning, arXiv 2210.13311. Its only point is the "code" of the task.
    """

    def __init__(self, tasks: int, dim: int, chance: torch.Generator) -> None:
        super().__init__()
        self.z = nn.Parameter(0.02 * torch.randn(tasks, dim, generator=chance))

    def draw(self, subspace: Subspace) -> Drawn:
        """The codes as they are; the loss of 0 hangs on every method, for processes that wait for each gradient."""
        thetas = {name: subspace.decode(name, self.z) for name in subspace.methods}
        return Drawn(thetas, 0.0 * torch.stack([theta[:, 0].sum() for theta in thetas.values()]).sum(), {})

    def points(self, subspace: Subspace, t: int) -> Places:
        """The code of the task, for every method."""
        return {name: {"code": self.start(subspace, t)} for name in subspace.methods}

    def start(self, subspace: Subspace, t: int) -> Tensor:
        """The code of the task."""
        return self.z[t].detach()

    def measures(self, subspace: Subspace) -> dict[str, dict[str, float]]:
        """Nothing: there is no solution that a code stands for."""
        return {"distance": {}, "relative_error": {}}
