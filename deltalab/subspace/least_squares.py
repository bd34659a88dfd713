"""The down-projection that goes with a fixed linear up-projection: the code that decodes nearest to a step."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from deltalab.subspace.down import Down
from deltalab.subspace.precise import precise
from deltalab.subspace.products import inner
from deltalab.subspace.up import Linear

__all__ = ["LeastSquares"]

_TOLERANCE = 1e-6  # what float32 columns cannot tell from zero beside the longest direction


@final
class LeastSquares(Down):
    """z = argmin ||v - U z||, the shortest where several are: z = (U^T U)^+ U^T v.

    It reads the matrix of the up-projection itself and holds no numbers of its own.
    """

    def __init__(self, up: Linear) -> None:
        super().__init__()
        self.up = up

    @property
    def form(self) -> dict[str, str | int]:
        return {"kind": "least_squares"}

    @precise
    def code(self, coordinates: Tensor) -> Tensor:
        columns = self.up.matrix.T  # (d, D)
        inverse = torch.linalg.pinv(inner(columns, columns), rtol=_TOLERANCE**2, hermitian=True)
        return (inner(coordinates, columns) @ inverse).to(coordinates.dtype)
