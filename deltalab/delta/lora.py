"""LoRA: a low-rank update beside a frozen linear map (Hu et al. 2021, arXiv 2106.09685)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.delta import initial
from deltalab.delta.act import OutputAct
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit, at_least
from deltalab.delta.shape import linear_shape
from deltalab.errors import UserError, one_of

__all__ = ["Lora"]


@final
@dataclass(frozen=True)
class Lora(Method):
    """y = W x + (alpha / rank) B A drop(x), with A (rank, in) and B (out, rank) = 0.

    `start` is the law of A: "standard" U(+-1/sqrt(in)), or "unified", U(+-1/sqrt(rank)), as published in
    *Different Tunes Played with Equal Skill* (arXiv 2210.13311).
    """

    rank: int = 8
    alpha: float = 16.0
    dropout: float = 0.0
    roles: Sequence[str] = ("attn.q", "attn.v", "cross.q", "cross.v")
    sides: Sequence[str] | None = None
    layers: Sequence[int] | None = None
    start: str = "standard"
    lr: float = 1e-3

    def __post_init__(self) -> None:
        at_least("rank", self.rank, 1)
        at_least("alpha", self.alpha, 0, exclusive=True)
        if not 0 <= self.dropout < 1:
            raise UserError(f"delta.dropout={self.dropout}: a dropout rate is at least 0 and below 1")
        one_of("start", self.start, ("standard", "unified"), "delta.start")

    @property
    def identity(self) -> bool:
        return True

    def units(self, backbone: Backbone) -> list[Unit]:
        return [self._unit(backbone, site) for site in backbone.sites(self.roles, self.sides, self.layers)]

    def _unit(self, backbone: Backbone, site: Site) -> Unit:
        width, out = linear_shape(backbone, site)
        law = initial.kaiming(width) if self.start == "standard" else initial.uniform(1 / math.sqrt(self.rank))
        down = Spec(f"{site.name}.lora_A", (self.rank, width), law)
        up = Spec(f"{site.name}.lora_B", (out, self.rank), initial.constant(0.0), gated=True)
        return Unit("lora", site, (down, up), _Update(self.alpha / self.rank, self.dropout))


@final
@dataclass(frozen=True)
class _Update(OutputAct):
    scale: float
    dropout: float

    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        down, up = tensors
        if self.dropout:
            x = F.dropout(x, self.dropout, module.training)
        x = x.to(down.dtype)
        # The gradients of these products are thin, and fast on a CPU only in one order of their factors: `linear` finds
        # it for one vector, and a contiguous B^T (a small copy) finds it for B and for the inner activations.
        inner = F.linear(x, down.squeeze(0)) if len(down) == 1 else torch.bmm(x, down.transpose(1, 2))
        # inner (G, n, rank)
        return torch.baddbmm(y, inner.to(y.dtype), up.transpose(1, 2).contiguous().to(y.dtype), alpha=self.scale)
