"""A flat vector and the named tensors it stands for."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.delta.initial import Initial
from deltalab.errors import UserError

__all__ = ["Layout", "Spec"]


@final
@dataclass(frozen=True)
class Spec:
    """One tensor of a delta: its name, unique in a layout, its shape and its initial values.

    `gated`: what its unit does is linear in all such tensors together, and a gate multiplies them instead.
    """

    name: str
    shape: tuple[int, ...]
    initial: Initial
    gated: bool = False

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@final
class Layout:
    """An ordered list of tensors laid end to end in a vector theta of length D.

    Every method takes leading dimensions along: theta may be (D,) or (G, D).
    """

    def __init__(self, specs: Sequence[Spec]) -> None:
        names = [spec.name for spec in specs]
        if len(set(names)) != len(names):
            raise ValueError(f"tensor names repeat: {sorted({n for n in names if names.count(n) > 1})}")
        self.specs = tuple(specs)
        self.sizes = [spec.size for spec in specs]
        self.size = sum(self.sizes)

    def index(self) -> dict[str, int]:
        """Position of each tensor by name."""
        return {spec.name: position for position, spec in enumerate(self.specs)}

    def split(self, theta: Tensor) -> list[Tensor]:
        """The tensors of theta (..., D) as views (..., *shape), by one split: its backward is one concatenation."""
        if theta.shape[-1] != self.size:
            raise ValueError(f"theta holds {theta.shape[-1]} numbers, the layout {self.size}")
        lead = theta.shape[:-1]
        pieces = torch.split(theta, self.sizes, dim=-1)
        return [
            piece if len(spec.shape) == 1 else piece.reshape(*lead, *spec.shape)
            for piece, spec in zip(pieces, self.specs, strict=True)
        ]

    def unflatten(self, theta: Tensor) -> dict[str, Tensor]:
        """The tensors of theta by name."""
        return {spec.name: tensor for spec, tensor in zip(self.specs, self.split(theta), strict=True)}

    def flatten(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """Theta (..., D) from tensors by name; raises `UserError` where names or shapes differ from the layout."""
        missing, extra = set(self.index()) - set(tensors), set(tensors) - set(self.index())
        if missing or extra:
            raise UserError(f"layout: missing tensors {sorted(missing)[:3]}, unexpected tensors {sorted(extra)[:3]}")
        pieces = []
        for spec in self.specs:
            value = tensors[spec.name]
            lead = value.shape[: value.dim() - len(spec.shape)]
            if tuple(value.shape[len(lead) :]) != spec.shape:
                raise UserError(f"layout: tensor {spec.name} has shape {tuple(value.shape)}, expected {spec.shape}")
            pieces.append(value.reshape(*lead, spec.size))
        return torch.cat(pieces, dim=-1) if pieces else torch.zeros(0)

    def initial(self, seed: int) -> Tensor:
        """theta0 (D,) in float32, drawn tensor by tensor from one generator seeded with `seed`."""
        generator = torch.Generator().manual_seed(seed)
        pieces = [spec.initial(spec.shape, generator).reshape(-1) for spec in self.specs]
        return torch.cat(pieces) if pieces else torch.zeros(0)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over names and shapes: two layouts with the same one can exchange thetas."""
        text = "\n".join(f"{spec.name} {spec.shape}" for spec in self.specs)
        return hashlib.sha256(text.encode()).hexdigest()
