"""A way of making a subspace, before anything is trained in it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor

from deltalab.delta.method import Delta
from deltalab.errors import UserError
from deltalab.subspace.subspace import Subspace

__all__ = ["Maker", "positive"]


class Maker(ABC):
    """`needs_solutions`: made from the steps of solved tasks; `trained`: the projectors are to be trained on them.

    `ups` names the methods whose way up is another than that of the rest.
    """

    needs_solutions: ClassVar[bool]
    trained: ClassVar[bool]
    dim: int
    ups: Mapping[str, str] | None = None

    @abstractmethod
    def make(
        self,
        deltas: Mapping[str, Delta],
        theta0: Mapping[str, Tensor],
        steps: Mapping[str, Tensor] | None,
        seed: int,
    ) -> Subspace:
        """The subspace of d numbers shared by the deltas, by name, around their theta0 (D,).

        `steps` are v = theta - theta0 (S, D) of each delta's solutions, all tasks together; None where none are needed.
        Raises `UserError` where the solutions do not suffice.
        """


def positive(name: str, value: float) -> None:
    """Raise `UserError` where an argument is not a number above 0."""
    if not 0 < value < math.inf:
        raise UserError(f"subspace.{name}={value}: must be a number above 0")
