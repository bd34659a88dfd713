"""Where the codes of an approximation come from: what a training step decodes, and where the subspace is judged."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from torch import Tensor, nn

from deltalab.subspace.subspace import Subspace

__all__ = ["Codes", "Drawn", "Places"]

Places = Mapping[str, Mapping[str, Tensor]]
"""For each method the codes (d,) at which it is judged, by the name of the point."""


@final
@dataclass(frozen=True)
class Drawn:
    """For each method the thetas (T, D) of one step, a loss () beside that of the tasks, and what to log."""

    thetas: Mapping[str, Tensor]
    loss: Tensor
    log: Mapping[str, Tensor]


class Codes(nn.Module, ABC):
    """The codes of T tasks; whatever of them is trained is a parameter here."""

    @abstractmethod
    def draw(self, subspace: Subspace) -> Drawn:
        """What one training step decodes: each method goes up once, whatever the loss asks for."""

    @abstractmethod
    def points(self, subspace: Subspace, t: int) -> Places:
        """Where task t is judged."""

    @abstractmethod
    def start(self, subspace: Subspace, t: int) -> Tensor | None:
        """The one code (d,) that stands for task t, to start new tasks from; None where methods do not share one."""

    @abstractmethod
    def measures(self, subspace: Subspace) -> dict[str, dict[str, float]]:
        """What a validation notes: "distance" of the codes of every two methods, "relative_error" of every method."""
