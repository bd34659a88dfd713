"""Weights with which the codes of several methods are mixed into one."""

from __future__ import annotations

import torch
from torch import Tensor

from deltalab.errors import member

__all__ = ["MIXINGS", "UNSHARED", "fixed_points", "mixing"]


def _dirichlet(count: int, methods: int, generator: torch.Generator) -> Tensor:
    """Uniform on the simplex: gaps between sorted uniform cuts."""
    cuts = torch.rand(count, methods - 1, generator=generator).sort(dim=1).values
    zero, one = cuts.new_zeros(count, 1), cuts.new_ones(count, 1)
    return torch.diff(torch.cat([zero, cuts, one], dim=1), dim=1)


def _published(count: int, methods: int, generator: torch.Generator) -> Tensor:
    """Stick breaking in the order of the methods, each share uniform in what is left: means 1/2, 1/4, ..., the last
    two equal."""
    weights, left = [], torch.ones(count)
    for _ in range(methods - 1):
        share = left * torch.rand(count, generator=generator)
        weights.append(share)
        left = left - share
    return torch.stack([*weights, left], dim=1)


MIXINGS = {"dirichlet": _dirichlet, "published": _published}

UNSHARED = "unshared"
"""The mixture that mixes nothing: the weights of every method are 1 at its own code."""


def mixing(name: str, count: int, methods: int, generator: torch.Generator) -> Tensor:
    """`count` draws of weights (count, methods), not negative, rows summing to 1; `UserError` for an unknown name."""
    return member("mixture", name, MIXINGS, "subspace.mixture")(count, methods, generator)


def fixed_points(methods: int) -> Tensor:
    """Where a subspace is judged: every vertex and the centroid of the simplex (methods + 1, methods)."""
    return torch.cat([torch.eye(methods), torch.full((1, methods), 1 / methods)])
