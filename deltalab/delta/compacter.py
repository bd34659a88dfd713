"""Compacter: adapters of Kronecker products (Karimi Mahabadi et al. 2021, arXiv 2106.04647)."""

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
from deltalab.errors import UserError, one_of

__all__ = ["Compacter"]


@final
@dataclass(frozen=True)
class Compacter(Method):
    """y + f(y H1 + a) H2 + b with H = sum over i of K_i (x) (L_i R_i), i = 1 ... n.

    K (n, n, n) is shared by all down- (up-) projections (`share_rule`) or each has its own; L_i (in/n, rank),
    R_i (rank, out/n). K starts N(0, 0.01^2), the factors Glorot-uniform with gain sqrt 2; `start` "identity" zeroes the
    R of the up-projection, "s3" does not.
    """

    reduction: int = 16
    divisions: int = 4
    rank: int = 1
    share_rule: bool = True
    activation: str = "relu"
    roles: Sequence[str] = ("attn", "ffn")
    sides: Sequence[str] | None = None
    layers: Sequence[int] | None = None
    start: str = "identity"
    lr: float = 5e-3

    def __post_init__(self) -> None:
        at_least("reduction", self.reduction, 1)
        at_least("divisions", self.divisions, 1)
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
        n = self.divisions
        inner = max(n, width // self.reduction // n * n)
        if width % n:
            raise UserError(f"delta.divisions={n}: must divide the width {width} of {site.path}")
        zero, name = initial.constant(0.0), f"{site.name}.compacter"
        specs = (
            *self._projection(name, "down", width, inner, zeroed=False),
            Spec(f"{name}.down_bias", (inner,), zero),
            *self._projection(name, "up", inner, width, zeroed=self.identity),
            Spec(f"{name}.up_bias", (width,), zero, gated=True),
        )
        return Unit("compacter", site, specs, _Kronecker(self.activation))

    def _projection(self, name: str, part: str, width: int, out: int, zeroed: bool) -> tuple[Spec, Spec, Spec]:
        n, glorot = self.divisions, initial.xavier(math.sqrt(2))
        law = initial.constant(0.0) if zeroed else glorot
        rule = f"compacter.{part}_rule" if self.share_rule else f"{name}.{part}_rule"
        return (
            Spec(rule, (n, n, n), initial.normal(0.01)),
            Spec(f"{name}.{part}_left", (n, width // n, self.rank), glorot),
            Spec(f"{name}.{part}_right", (n, self.rank, out // n), law, gated=part == "up"),
        )


def _product(rule: Tensor, left: Tensor, right: Tensor) -> Tensor:
    """H (G, in, out) from K (G, n, n, n), L (G, n, in/n, rank) and R (G, n, rank, out/n)."""
    blocks = torch.einsum("giab,gipq->gapbq", rule, left @ right)
    return blocks.flatten(3).flatten(1, 2)


@final
@dataclass(frozen=True)
class _Kronecker(OutputAct):
    activation: str

    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        down, down_bias, up, up_bias = tensors[:3], tensors[3], tensors[4:7], tensors[7]
        inner = torch.baddbmm(down_bias[:, None], y.to(down_bias.dtype), _product(*down))
        inner = activation(self.activation)(inner)
        return y + torch.baddbmm(up_bias[:, None], inner, _product(*up))
