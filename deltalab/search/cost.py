"""What a unit costs: numbers, or beyond the published, forward FLOPs (`flops.py`) or measured time (`latency.py`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.delta.candidates import Candidates
from deltalab.errors import UserError

__all__ = ["Cost", "Forward", "Parameters"]


class Cost(ABC):
    """What a budget is made of; every cost is above 0, and a choice costs the sum over the chosen units."""

    unit: ClassVar[str]
    """What is counted, for messages and labels."""

    @abstractmethod
    def costs(self, candidates: Candidates) -> Tensor:
        """n (N,) on the CPU, what each candidate adds, in `unit`."""

    @abstractmethod
    def denominator(self, backbone: Backbone) -> float:
        """What the backbone alone has of it, in `unit`: a budget in ppm is a share of this."""


@final
@dataclass(frozen=True)
class Parameters(Cost):
    """Numbers of each unit, as a share of the backbone's (arXiv 2206.07382)."""

    unit: ClassVar[str] = "parameters"

    def costs(self, candidates: Candidates) -> Tensor:
        return candidates.costs

    def denominator(self, backbone: Backbone) -> float:
        return float(backbone.num_parameters)


@final
@dataclass(frozen=True)
class Forward:
    """The shape of a forward under teacher forcing, without padding, whose work is counted or timed."""

    rows: int = 1
    source_length: int = 128
    target_length: int = 8

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value < 1:
                raise UserError(f"cost.forward.{name}={value}: at least 1")

    def batch(self, device: torch.device | str = "cpu") -> Batch:
        """Rows of one token, which cost what any others of this shape do."""
        source = torch.ones(self.rows, self.source_length, dtype=torch.long, device=device)
        target = torch.ones(self.rows, self.target_length, dtype=torch.long, device=device)
        return Batch(source, torch.ones_like(source), target, torch.arange(self.rows, device=device))
