"""Prefix-tuning: learned keys and values before those of every attention (Li and Liang 2021, arXiv 2101.00190)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.delta import initial
from deltalab.delta.act import Act, AttentionAct
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit, at_least
from deltalab.errors import UserError, one_of

__all__ = ["Prefix"]


@final
@dataclass(frozen=True)
class Prefix(Method):
    """P virtual positions in front of every self-attention, and of the cross-attention where `cross` is set.

    `parametrization` "mlp": KV_l = tanh(E W^T) V_l^T with E (P, width) and W (size, width) shared by the layers of a
    side, V_l (2 * heads * head size, size) of layer l; "direct": KV_l itself, N(0, 0.02^2). `reshape` "published" cuts
    the (P, layers * 2 * heads * head size) matrix as *Different Tunes* (arXiv 2210.13311) did: a position of the prefix
    then fills one layer's slots instead of one position in every layer.
    """

    length: int = 16
    size: int = 24
    parametrization: str = "mlp"
    cross: bool = False
    reshape: str = "standard"
    sides: Sequence[str] | None = None
    layers: Sequence[int] | None = None
    lr: float = 1e-2

    def __post_init__(self) -> None:
        at_least("length", self.length, 1)
        at_least("size", self.size, 1)
        one_of("parametrization", self.parametrization, ("mlp", "direct"), "delta.parametrization")
        one_of("reshape", self.reshape, ("standard", "published"), "delta.reshape")
        if self.reshape == "published" and self.parametrization == "direct":
            raise UserError("delta.reshape=published: only delta.parametrization=mlp has a matrix to cut that way")

    @property
    def identity(self) -> bool:
        return False

    def units(self, backbone: Backbone) -> list[Unit]:
        roles = ("attn", "cross") if self.cross else ("attn",)
        sites = [backbone.core(site) for site in backbone.sites(roles, self.sides, self.layers)]
        stacks: dict[tuple[str, str], list[Site]] = {}
        for site in sites:
            stacks.setdefault((site.side, site.role), []).append(site)
        return [
            Unit("prefix", site, *self._parts(backbone, site, i, len(stack)))
            for stack in stacks.values()
            for i, site in enumerate(stack)
        ]

    def _parts(self, backbone: Backbone, site: Site, i: int, depth: int) -> tuple[tuple[Spec, ...], Act]:
        heads, each = backbone.heads(site)
        if self.parametrization == "direct":
            shape = (2, heads, self.length, each)
            return (Spec(f"{site.name}.prefix", shape, initial.normal(0.02)),), _Direct()
        width, size = int(backbone.model.config.hidden_size), self.size
        name = f"{site.side}.{site.role}.prefix"
        shared = (
            Spec(f"{name}.embedding", (self.length, width), initial.normal(0.02)),
            Spec(f"{name}.down", (size, width), initial.kaiming(width)),
        )
        if self.reshape == "published":
            up = Spec(f"{name}.up", (depth * 2 * heads * each, size), initial.kaiming(size))
            return (*shared, up), _PublishedCut(heads, each, i)
        up = Spec(f"{site.name}.prefix.up", (2 * heads * each, size), initial.kaiming(size))
        return (*shared, up), _Mlp(heads, each)


@final
@dataclass(frozen=True)
class _Direct(AttentionAct):
    def __call__(self, tensors: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        keys, values = tensors[0].unbind(1)
        return keys, values


@final
@dataclass(frozen=True)
class _Mlp(AttentionAct):
    heads: int
    each: int

    def __call__(self, tensors: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        embedding, down, up = tensors
        flat = torch.tanh(embedding @ down.transpose(1, 2)) @ up.transpose(1, 2)  # (G, P, 2 * heads * head size)
        keys, values = flat.unflatten(-1, (2, self.heads, self.each)).permute(2, 0, 3, 1, 4).unbind(0)
        return keys, values


@final
@dataclass(frozen=True)
class _PublishedCut(AttentionAct):
    heads: int
    each: int
    layer: int

    def __call__(self, tensors: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        embedding, down, up = tensors
        groups, length, wide = embedding.shape[0], embedding.shape[1], up.shape[1]
        count = 2 * self.heads * length * self.each
        first = self.layer * count // wide  # the rows that hold this layer's slots
        last = -(-(self.layer + 1) * count // wide)
        rows = torch.tanh(embedding[:, first:last] @ down.transpose(1, 2)) @ up.transpose(1, 2)
        start = self.layer * count - first * wide
        cut = rows.reshape(groups, -1)[:, start : start + count]
        keys, values = cut.view(groups, 2, self.heads, length, self.each).unbind(1)
        return keys, values
