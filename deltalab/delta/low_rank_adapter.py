"""Adapters whose two projections are products of thin factors (Hu et al. 2022, arXiv 2206.07382)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.delta import initial
from deltalab.delta.act import OutputAct
from deltalab.delta.activation import activation
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit, at_least
from deltalab.delta.shape import output_width
from deltalab.errors import one_of

__all__ = ["LowRankAdapter"]


@final
@dataclass(frozen=True)
class LowRankAdapter(Method):
    """y + f(y L1 R1 + a) L2 R2 + b, factors L1 (width, rank), R1 (rank, m), L2 (m, rank), R2 (rank, width).

    m = width / reduction. Factors start Glorot-uniform with gain sqrt 2, biases at 0; `start` "identity" zeroes R2,
    "s3" leaves it as published.
    """

    reduction: int = 32
    rank: int = 1
    activation: str = "gelu_new"
    roles: Sequence[str] = ("attn", "ffn")
    sides: Sequence[str] | None = None
    layers: Sequence[int] | None = None
    start: str = "identity"
    lr: float = 5e-3

    def __post_init__(self) -> None:
        at_least("reduction", self.reduction, 1)
        at_least("rank", self.rank, 1)
        activation(self.activation)
        one_of("start", self.start, ("identity", "s3"), "delta.start")

    @property
    def identity(self) -> bool:
        return self.start == "identity"

    def units(self, backbone: Backbone) -> list[Unit]:
        sites = backbone.sites(self.roles, self.sides, self.layers)
        return [self._unit(site, output_width(backbone, site)) for site in sites]

    def _unit(self, site: Site, width: int) -> Unit:
        inner, rank, name = max(1, width // self.reduction), self.rank, f"{site.name}.low_rank_adapter"
        glorot, zero = initial.xavier(math.sqrt(2)), initial.constant(0.0)
        specs = (
            Spec(f"{name}.down_left", (width, rank), glorot),
            Spec(f"{name}.down_right", (rank, inner), glorot),
            Spec(f"{name}.down_bias", (inner,), zero),
            Spec(f"{name}.up_left", (inner, rank), glorot),
            Spec(f"{name}.up_right", (rank, width), zero if self.identity else glorot, gated=True),
            Spec(f"{name}.up_bias", (width,), zero, gated=True),
        )
        return Unit("low_rank_adapter", site, specs, _Thin(self.activation))


@final
@dataclass(frozen=True)
class _Thin(OutputAct):
    activation: str

    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        down_left, down_right, down_bias, up_left, up_right, up_bias = tensors
        thin = torch.bmm(y.to(down_left.dtype), down_left)  # (G, n, rank)
        inner = activation(self.activation)(torch.baddbmm(down_bias[:, None], thin, down_right))
        return y + torch.baddbmm(up_bias[:, None], torch.bmm(inner, up_left), up_right)
