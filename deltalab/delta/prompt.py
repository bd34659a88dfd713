"""Prompt tuning: learned vectors before the embedded input (Lester et al. 2021, arXiv 2104.08691)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Generator, Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.delta import initial
from deltalab.delta.act import EmbeddingAct
from deltalab.delta.initial import Initial
from deltalab.delta.layout import Spec
from deltalab.delta.method import Method, Unit, at_least
from deltalab.errors import one_of

__all__ = ["Prompt"]

_STARTS = ("vocabulary", "first", "uniform")


@final
@dataclass(frozen=True)
class Prompt(Method):
    """`length` vectors (length, width) in front of the embedded input, attended like tokens.

    `start`: "vocabulary" embeddings of random tokens, "first" those of tokens 0, 1, 2 ... (as in arXiv 2206.07382), or
    "uniform" U(+-1/sqrt(width)) (as in arXiv 2210.13311).
    """

    length: int = 20
    start: str = "vocabulary"
    lr: float = 1e-1

    def __post_init__(self) -> None:
        at_least("length", self.length, 1)
        one_of("start", self.start, _STARTS, "delta.start")

    @property
    def identity(self) -> bool:
        return False

    @property
    def closes(self) -> bool:
        return False  # its places stay attended

    def units(self, backbone: Backbone) -> list[Unit]:
        site = backbone.sites(("embed",))[0]
        module = backbone.module(site)
        assert isinstance(module, nn.Embedding)
        spec = Spec(f"{site.name}.prompt", (self.length, module.embedding_dim), self._law(module.weight), gated=True)
        return [Unit("prompt", site, (spec,), _Vectors(self.length))]

    def _law(self, embeddings: Tensor) -> Initial:
        if self.start == "uniform":
            return initial.uniform(1 / math.sqrt(embeddings.shape[1]))
        if self.start == "first":
            return initial.copy(embeddings[torch.arange(self.length) % embeddings.shape[0]])

        def draw(shape: tuple[int, ...], generator: Generator) -> Tensor:
            chosen = torch.randint(embeddings.shape[0], (shape[0],), generator=generator)
            return embeddings.detach()[chosen.to(embeddings.device)].to("cpu", torch.float32)

        return draw


@final
@dataclass(frozen=True)
class _Vectors(EmbeddingAct):
    length: int

    def __call__(self, tensors: Sequence[Tensor], gate: Tensor | None) -> Tensor:
        return tensors[0]
