"""The forms of projections as plain values: what a config asks for, and what a card keeps.

up      linear | two_layer (hidden, activation) | fastfood | fastfood_learned
down    dense (activation) | span (rank, activation) | least_squares
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from deltalab.subspace.down import Dense, Down, Span
from deltalab.subspace.least_squares import LeastSquares
from deltalab.subspace.up import Fastfood, Linear, TwoLayer, Up

__all__ = ["UPS", "blank_down", "make_up"]

UPS = ("linear", "two_layer", "fastfood", "fastfood_learned")


def make_up(form: Mapping[str, object], theta0: Tensor, dim: int, std: float, generator: torch.Generator) -> Up:
    """The up-projection of a form, its numbers drawn; `ValueError` for a form that is none."""
    match form:
        case {"kind": "linear"}:
            return Linear(theta0, dim, std, generator)
        case {"kind": "two_layer", "hidden": int(hidden), "activation": str(act)}:
            return TwoLayer(theta0, dim, hidden, act, std, generator)
        case {"kind": "fastfood" | "fastfood_learned" as kind}:
            return Fastfood(theta0, dim, kind == "fastfood_learned", generator)
    raise ValueError(f"no up-projection has the form {dict(form)}")


def blank_down(form: Mapping[str, object], up: Up, dim: int) -> Down:
    """The down-projection of a form, its numbers still to be filled in; `ValueError` for a form that is none."""
    size, generator = up.theta0.shape[0], torch.Generator()
    match form:
        case {"kind": "dense", "activation": str(act)}:
            return Dense(size, dim, act, 0.0, generator)
        case {"kind": "span", "rank": int(rank), "activation": str(act)}:
            return Span(torch.zeros(rank, size), dim, act, 0.0, generator)
        case {"kind": "least_squares"} if isinstance(up, Linear):
            return LeastSquares(up)
    raise ValueError(f"no down-projection has the form {dict(form)}")
