"""The subspace of the first right singular vectors of the solutions: a shared code without any training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.errors import UserError
from deltalab.subspace.components import components
from deltalab.subspace.least_squares import LeastSquares
from deltalab.subspace.maker import Maker, positive
from deltalab.subspace.products import combined
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Linear

__all__ = ["Svd"]


@final
@dataclass(frozen=True)
class Svd(Maker):
    """theta0_m + U_m z, where c_m W_m = U_m and [W_1, W_2, ...] are the first d right singular vectors.

    Row s of the matrix is [v_s1 / c_1, v_s2 / c_2, ...]: solution s of every method, with c_m the root mean square
    length of method m's steps, so that every method weighs the same. A step is encoded by least squares.
    """

    needs_solutions: ClassVar[bool] = True
    trained: ClassVar[bool] = False

    dim: int = 4

    def __post_init__(self) -> None:
        positive("dim", self.dim)

    def make(
        self,
        deltas: Mapping[str, Delta],
        theta0: Mapping[str, Tensor],
        steps: Mapping[str, Tensor] | None,
        seed: int,
    ) -> Subspace:
        if steps is None:
            raise ValueError("an SVD needs the steps of solutions")
        steps = {name: steps[name] for name in deltas}
        mix = self._mix(steps)
        projectors = {}
        for name, delta in deltas.items():
            up = Linear(theta0[name], self.dim, 0.0, torch.Generator(), combined(steps[name], mix))
            projectors[name] = Projector(delta, up, LeastSquares(up))
        return Subspace(self.dim, projectors).requires_grad_(False)

    def _mix(self, steps: Mapping[str, Tensor]) -> Tensor:
        """M (S, d) with U_m = v_m^T M."""
        mix, _ = components(steps, self.dim)
        count, rank = mix.shape
        if rank < self.dim:
            raise UserError(
                f"subspace.dim={self.dim}: the SVD of {count} solutions has rank {rank}; ask for at most {rank}, "
                "or for more solutions (subspace.solutions)"
            )
        return mix
