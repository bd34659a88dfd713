"""LNFit: the gains of the normalisation layers (Hu et al. 2022, arXiv 2206.07382)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch.nn.functional as F
from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.delta import initial
from deltalab.delta.act import OutputAct
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit
from deltalab.delta.shape import output_width

__all__ = ["LNFit"]


@final
@dataclass(frozen=True)
class LNFit(Method):
    """y + dg * norm(x) with dg (width,) = 0: the gain g of every norm becomes g + dg."""

    roles: Sequence[str] = ("norm.*",)
    sides: Sequence[str] | None = None
    layers: Sequence[int] | None = None
    lr: float = 1e-2

    @property
    def identity(self) -> bool:
        return True

    def units(self, backbone: Backbone) -> list[Unit]:
        sites = backbone.sites(self.roles, self.sides, self.layers)
        return [
            Unit(
                "lnfit",
                site,
                (Spec(f"{site.name}.lnfit", (output_width(backbone, site),), initial.constant(0.0), gated=True),),
                _Gain(),
            )
            for site in sites
        ]


@final
@dataclass(frozen=True)
class _Gain(OutputAct):
    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        return y + (tensors[0][:, None] * _normalised(module, x)).to(y.dtype)


def _normalised(module: nn.Module, x: Tensor) -> Tensor:
    """The module's input normalised as the module does it, before its gain; statistics in float32."""
    width = (x.shape[-1],)
    if isinstance(module, nn.LayerNorm):
        return F.layer_norm(x.float(), width, eps=module.eps).to(x.dtype)
    eps = getattr(module, "variance_epsilon", None)  # the RMS norms of T5 and Llama
    if eps is None:
        raise TypeError(f"{type(module).__name__} is no normalisation layer that LNFit knows")
    return F.rms_norm(x.float(), width, eps=eps).to(x.dtype)
