"""Down-projections: from what tuning moved, v = theta - theta0 in R^D, to a code z in R^d.

    z = W2 act(W1 v + b1) + b2

`Dense` holds W1 (d, D). The first layer only ever meets the solutions it is trained on, so `Span` holds its action on
their span alone: W1 = A Q, with Q (S, D) orthonormal rows and A (d, S) trained. Both are the same functions on these
solutions; any other v enters `Span` by its projection Q v. Source: Unified-DeltaTuning, arXiv 2210.13311.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import final

import torch
from torch import Tensor, nn

from deltalab.optimizer.factors import Matrix, product
from deltalab.subspace.activation import activation
from deltalab.subspace.precise import precise
from deltalab.subspace.products import inner

__all__ = ["Dense", "Down", "Span", "span"]


class Down(nn.Module, ABC):
    """A way from steps v = theta - theta0 to codes."""

    @property
    @abstractmethod
    def form(self) -> dict[str, str | int]:
        """Its kind, and what it takes to build one of the same shape."""

    def encode(self, v: Tensor) -> Tensor:
        """Codes (..., d) of v (..., D)."""
        return self.code(self.coordinates(v))

    def coordinates(self, v: Tensor) -> Tensor:
        """What of v (..., D) its code is a function of, the same however long is trained: worked out once."""
        return v

    @abstractmethod
    def code(self, coordinates: Tensor) -> Tensor:
        """Codes (..., d) of coordinates."""


class _Layers(Down, ABC):
    """The layers behind the first; `coordinates` are what the first one reads."""

    def __init__(self, inputs: int, dim: int, act: str, std: float, generator: torch.Generator) -> None:
        super().__init__()
        self._act, self.act = activation(act), act
        self.first = _normal((dim, inputs), std, generator)
        self.first_bias = _normal((dim,), std, generator)
        self.second = _normal((dim, dim), std, generator)
        self.second_bias = _normal((dim,), std, generator)

    @precise
    def code(self, coordinates: Tensor) -> Tensor:
        hidden = self._act(product(coordinates, self.first) + self.first_bias)
        return hidden @ self.second.T + self.second_bias


@final
class Dense(_Layers):
    """W1 (d, D) as published: d * D numbers."""

    def __init__(self, size: int, dim: int, act: str, std: float, generator: torch.Generator) -> None:
        super().__init__(size, dim, act, std, generator)
        self.first = Matrix(self.first.detach())

    @property
    def form(self) -> dict[str, str | int]:
        return {"kind": "dense", "activation": self.act}


@final
class Span(_Layers):
    """A (d, S) on an orthonormal basis Q (S, D) of the solutions' span: d * S trained numbers.

    Where the entries of W1 are independent and normal so are those of A = W1 Q^T, and plain gradient steps on A are
    those on W1: training begins and moves as with `Dense`.
    """

    def __init__(self, basis: Tensor, dim: int, act: str, std: float, generator: torch.Generator) -> None:
        super().__init__(basis.shape[0], dim, act, std, generator)
        self.basis: Tensor
        self.register_buffer("basis", basis)

    @property
    def form(self) -> dict[str, str | int]:
        return {"kind": "span", "rank": self.basis.shape[0], "activation": self.act}

    @precise
    def coordinates(self, v: Tensor) -> Tensor:
        """Q v (..., S)."""
        return v @ self.basis.T

    def dense(self, generator: torch.Generator) -> Dense:
        """The dense down-projection that is the same function on the span."""
        result = Dense(self.basis.shape[1], self.first.shape[0], self.act, 0.0, generator)
        with torch.no_grad():
            result.first.copy_(self.first @ self.basis)
            for name in ("first_bias", "second", "second_bias"):
                getattr(result, name).copy_(getattr(self, name))
        return result


def _normal(shape: tuple[int, ...], std: float, generator: torch.Generator) -> nn.Parameter:
    return nn.Parameter(std * torch.randn(shape, generator=generator))


def span(v: Tensor, tolerance: float = 1e-6) -> Tensor:
    """An orthonormal basis (R, D) of the rows of v (S, D); rows that add less than `tolerance` of the largest drop out.

    Raises `ValueError` where all rows are zero.
    """
    values, vectors = torch.linalg.eigh(inner(v, v))  # the small Gram matrix: v is S times millions
    kept = values > values[-1] * tolerance**2
    if not bool(values[-1] > 0):
        raise ValueError("no solution differs from its theta0")
    mix = (vectors[:, kept] / values[kept].sqrt()).to(v.dtype)
    return torch.linalg.qr(v.T @ mix)[0].T.contiguous()
