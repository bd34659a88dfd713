"""Full fine-tuning, as one more delta: theta is every weight of the backbone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.delta import initial
from deltalab.delta.act import WeightAct
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit

__all__ = ["Full"]


@final
@dataclass(frozen=True)
class Full(Method):
    """theta replaces the backbone's parameters, tied ones once; theta0 is their value."""

    lr: float = 3e-4

    @property
    def identity(self) -> bool:
        return True

    def units(self, backbone: Backbone) -> list[Unit]:
        named = dict(backbone.model.named_parameters())
        specs = tuple(Spec(name, tuple(value.shape), initial.copy(value)) for name, value in named.items())
        return [Unit("full", Site("model", "both", None, ""), specs, _Weights(tuple(named)))]


@final
@dataclass(frozen=True)
class _Weights(WeightAct):
    names: tuple[str, ...]

    def __call__(self, tensors: Sequence[Tensor]) -> dict[str, Tensor]:
        return dict(zip(self.names, tensors, strict=True))
