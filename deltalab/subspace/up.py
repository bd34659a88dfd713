"""Up-projections: from a code z in R^d to a flat vector theta in R^D, always as a step away from theta0.

Linear      theta(z) = theta0 + U z
TwoLayer    theta(z) = theta0 + U act(V z)
Fastfood    theta(z) = theta0 + first D entries of (H G Pi H B z) / (n sqrt(mean G^2)), z padded to n = 2^k >= D
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import final

import torch
from torch import Tensor, nn

from deltalab.optimizer.factors import Matrix, product
from deltalab.subspace.activation import activation
from deltalab.subspace.hadamard import hadamard
from deltalab.subspace.precise import precise

__all__ = ["Fastfood", "Linear", "TwoLayer", "Up"]


class Up(nn.Module, ABC):
    """`step` is what is added to theta0: the one function that both losses of an approximation go through."""

    def __init__(self, theta0: Tensor) -> None:
        super().__init__()
        self.theta0: Tensor
        self.register_buffer("theta0", theta0)

    @property
    @abstractmethod
    def form(self) -> dict[str, str | int]:
        """Its kind, and what it takes to build one of the same shape."""

    @abstractmethod
    def step(self, z: Tensor) -> Tensor:
        """theta(z) - theta0 (..., D) for codes z (..., d)."""

    def forward(self, z: Tensor) -> Tensor:
        """theta(z) (..., D) for codes z (..., d)."""
        return self.theta0 + self.step(z)


@final
class Linear(Up):
    """U (D, d), no bias; as published where U is trained, a random projection where it is not.

    `U` may be given; otherwise its entries are N(0, std^2).
    """

    def __init__(
        self, theta0: Tensor, dim: int, std: float, generator: torch.Generator, given: Tensor | None = None
    ) -> None:
        super().__init__(theta0)
        drawn = std * torch.randn(theta0.shape[0], dim, generator=generator) if given is None else given
        self.matrix = Matrix(drawn)

    @property
    def form(self) -> dict[str, str | int]:
        return {"kind": "linear"}

    @precise
    def step(self, z: Tensor) -> Tensor:
        """U z."""
        return product(z, self.matrix)


@final
class TwoLayer(Up):
    """U (D, h), V (h, d), no biases."""

    def __init__(self, theta0: Tensor, dim: int, hidden: int, act: str, std: float, generator: torch.Generator) -> None:
        super().__init__(theta0)
        self._act, self.act = activation(act), act
        self.inner = nn.Parameter(std * torch.randn(hidden, dim, generator=generator))
        self.matrix = Matrix(std * torch.randn(theta0.shape[0], hidden, generator=generator))

    @property
    def form(self) -> dict[str, str | int]:
        return {"kind": "two_layer", "hidden": self.inner.shape[0], "activation": self.act}

    @precise
    def step(self, z: Tensor) -> Tensor:
        """U act(V z)."""
        return product(self._act(z @ self.inner.T), self.matrix)


@final
class Fastfood(Up):
    """A structured random projection of n numbers instead of D * d: signs B, permutation Pi, scales G, Hadamard H.

    `learned` false: G holds signs, so the n-dimensional map is orthogonal, and nothing is trained. `learned` true: G is
    normal and trained, the published variant. B, Pi and the first G come from the generator and are kept with the
    weights. Sources: Le et al. 2013, arXiv 1408.3060; Aghajanyan et al. 2020, arXiv 2012.13255.
    """

    def __init__(self, theta0: Tensor, dim: int, learned: bool, generator: torch.Generator) -> None:
        super().__init__(theta0)
        size = 1 << max(theta0.shape[0] - 1, dim - 1, 1).bit_length()
        self.signs: Tensor
        self.order: Tensor
        self.register_buffer("signs", _signs(size, generator))
        self.register_buffer("order", torch.randperm(size, generator=generator))
        scales = torch.randn(size, generator=generator) if learned else _signs(size, generator)
        self.scales = nn.Parameter(scales, requires_grad=learned)
        self.learned = learned

    @property
    def form(self) -> dict[str, str | int]:
        return {"kind": "fastfood_learned" if self.learned else "fastfood"}

    @precise
    def step(self, z: Tensor) -> Tensor:
        """The first D entries of H G Pi H B z, scaled so that the n-dimensional map keeps lengths."""
        size = self.signs.shape[0]
        padded = nn.functional.pad(z, (0, size - z.shape[-1]))
        mixed = hadamard(padded * self.signs)[..., self.order] * self.scales
        scale = size * self.scales.pow(2).mean().sqrt()
        return hadamard(mixed)[..., : self.theta0.shape[0]] / scale


def _signs(size: int, generator: torch.Generator) -> Tensor:
    return torch.randint(0, 2, (size,), generator=generator).float() * 2 - 1
