"""BitFit: biases only (Ben Zaken et al. 2021, arXiv 2106.10199)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.delta import initial
from deltalab.delta.act import OutputAct
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit
from deltalab.delta.shape import output_width

__all__ = ["BitFit"]


@final
@dataclass(frozen=True)
class BitFit(Method):
    """y + b with b (out,) = 0 after linear maps and norms; models without biases, such as T5, gain them."""

    roles: Sequence[str] = ("attn.?", "cross.?", "ffn.in", "ffn.out", "norm.*")
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
                "bitfit",
                site,
                (Spec(f"{site.name}.bitfit", (output_width(backbone, site),), initial.constant(0.0), gated=True),),
                _Shift(),
            )
            for site in sites
        ]


@final
@dataclass(frozen=True)
class _Shift(OutputAct):
    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        return y + tensors[0][:, None]
