"""Bottleneck adapters after a block (Houlsby et al. 2019, arXiv 1902.00751; Pfeiffer et al. 2020, arXiv 2005.00247)."""

from __future__ import annotations

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

__all__ = ["Adapter"]

_PLACEMENTS = {"houlsby": ("attn", "cross", "ffn"), "pfeiffer": ("ffn",)}
# start -> (std of the down-projection, std of the up-projection)
_STARTS = {"identity": (0.01, 0.0), "unified": (0.02, 0.02), "s3": (0.01, 0.01)}


@final
@dataclass(frozen=True)
class Adapter(Method):
    """y + f(y A + a) B + b on a block's output, before dropout and residual; A (width, size), B (size, width).

    `placement` is "houlsby" (every attention and feed-forward block) or "pfeiffer" (feed-forward only). `start` gives
    the laws of A and B: "identity" N(0, 0.01^2) and 0, or the published "unified" N(0, 0.02^2) for both (arXiv
    2210.13311, where `bias` is false) or "s3" N(0, 0.01^2) for both (arXiv 2206.07382).
    """

    size: int = 24
    placement: str = "houlsby"
    activation: str = "silu"
    bias: bool = True
    start: str = "identity"
    sides: Sequence[str] | None = None
    layers: Sequence[int] | None = None
    lr: float = 1e-3

    def __post_init__(self) -> None:
        at_least("size", self.size, 1)
        activation(self.activation)
        one_of("placement", self.placement, _PLACEMENTS, "delta.placement")
        one_of("start", self.start, _STARTS, "delta.start")

    @property
    def identity(self) -> bool:
        return self.start == "identity"

    def units(self, backbone: Backbone) -> list[Unit]:
        sites = backbone.sites(_PLACEMENTS[self.placement], self.sides, self.layers)
        return [self._unit(backbone, site) for site in sites]

    def _unit(self, backbone: Backbone, site: Site) -> Unit:
        width = output_width(backbone, site)
        down, up = (initial.normal(std) for std in _STARTS[self.start])
        zero, name = initial.constant(0.0), f"{site.name}.adapter"
        specs = [Spec(f"{name}.down", (width, self.size), down), Spec(f"{name}.up", (self.size, width), up, gated=True)]
        if self.bias:
            specs += [
                Spec(f"{name}.down_bias", (self.size,), zero),
                Spec(f"{name}.up_bias", (width,), zero, gated=True),
            ]
        return Unit("adapter", site, tuple(specs), _Bottleneck(self.activation))


@final
@dataclass(frozen=True)
class _Bottleneck(OutputAct):
    activation: str

    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        down, up, *biases = tensors
        h = y.to(down.dtype)
        inner = torch.baddbmm(biases[0][:, None], h, down) if biases else torch.bmm(h, down)
        inner = activation(self.activation)(inner)  # (G, n, size)
        if not biases:
            return torch.baddbmm(y, inner.to(y.dtype), up.to(y.dtype))
        return y + torch.baddbmm(biases[1][:, None], inner, up)
