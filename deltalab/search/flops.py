"""Forward FLOPs as the cost of a unit."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import ClassVar, final

import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from deltalab.backbone.backbone import Backbone
from deltalab.delta.candidates import Candidates
from deltalab.search.cost import Cost, Forward
from deltalab.search.operations import operations
from deltalab.search.work import Work

__all__ = ["Flops"]


@final
@dataclass(frozen=True)
class Flops(Cost):
    """FLOPs that each unit alone adds to a forward of this shape, as a share of the backbone's.

    Counted by `operations` from shapes alone, in eager attention, so that they are the same on every device. Nearly
    all grow with the rows alike: shares hardly depend on them.
    """

    forward: Forward = field(default_factory=Forward)

    unit: ClassVar[str] = "FLOPs"

    def costs(self, candidates: Candidates) -> Tensor:
        with FakeTensorMode():
            work = _work(candidates.delta.backbone, self.forward)
            counts = work.added(candidates.delta.units, lambda some, none: operations(some) - operations(none))
        return torch.tensor(counts, dtype=torch.long)

    def denominator(self, backbone: Backbone) -> float:
        with FakeTensorMode():
            return float(operations(_work(backbone, self.forward).forward()))


def _work(backbone: Backbone, forward: Forward) -> Work:
    """The work of a backbone of the same shapes without weights."""
    model = type(backbone.model)(copy.deepcopy(backbone.model.config)).eval()
    return Work(backbone.with_model(model), forward.batch(), "eager")
