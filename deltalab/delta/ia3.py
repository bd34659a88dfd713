"""IA3: learned rescaling of keys, values and inner feed-forward activations (Liu et al. 2022, arXiv 2205.05638)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.delta import initial
from deltalab.delta.act import Act, InputAct, OutputAct, gated
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit
from deltalab.delta.shape import linear_shape

__all__ = ["IA3"]


@final
@dataclass(frozen=True)
class IA3(Method):
    """l * (W x) at `output_roles`, W (l * x) at `input_roles`, with l = 1 at first."""

    output_roles: Sequence[str] = ("attn.k", "attn.v", "cross.k", "cross.v")
    input_roles: Sequence[str] = ("ffn.out",)
    sides: Sequence[str] | None = None
    layers: Sequence[int] | None = None
    lr: float = 1e-2

    @property
    def identity(self) -> bool:
        return True

    def units(self, backbone: Backbone) -> list[Unit]:
        def chosen(roles: Sequence[str]) -> list[Site]:
            return backbone.sites(roles, self.sides, self.layers) if roles else []

        outputs = [_unit(site, linear_shape(backbone, site)[1], _ScaleOutput()) for site in chosen(self.output_roles)]
        inputs = [_unit(site, linear_shape(backbone, site)[0], _ScaleInput()) for site in chosen(self.input_roles)]
        return outputs + inputs


def _unit(site: Site, width: int, act: Act) -> Unit:
    return Unit("ia3", site, (Spec(f"{site.name}.ia3", (width,), initial.constant(1.0)),), act)


def _scaled(value: Tensor, scale: Tensor, gate: Tensor | None) -> Tensor:
    factor = scale if gate is None else 1 + gated(scale - 1, gate)
    return value * factor[:, None]


@final
@dataclass(frozen=True)
class _ScaleOutput(OutputAct):
    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        return _scaled(y, tensors[0], gate)


@final
@dataclass(frozen=True)
class _ScaleInput(InputAct):
    def __call__(self, x: Tensor, tensors: Sequence[Tensor], gate: Tensor | None) -> Tensor:
        return _scaled(x, tensors[0], gate)
