"""The principal components of the solutions of several methods side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from deltalab.errors import UserError
from deltalab.subspace.products import inner

__all__ = ["Components", "components"]

_TOLERANCE = 1e-6  # of the largest singular value: what float32 steps cannot tell from zero


class Components(NamedTuple):
    """M (S, r) and codes Z (S, r) of S solutions, in float64, largest component first."""

    mix: Tensor
    codes: Tensor


def components(steps: Mapping[str, Tensor], dim: int) -> Components:
    """The first r = min(dim, rank) components of A = [v_1 / c_1, v_2 / c_2, ...], with A = P S W^T.

    Row s of A is solution s of every method m, with c_m the root mean square length of the method's steps v_m (S, D_m),
    so that every method weighs the same. M = P / S and Z = P S, so that U_m = v_m^T M takes a code Z_s to the step
    nearest to v_ms, the same code for all methods. Raises `UserError` for unequal counts of solutions, and where those
    of a method move nothing.
    """
    _refuse_unequal(steps)
    # c_m falls out of U_m = c_m (v_m / c_m)^T M: it matters for M alone.
    values, vectors = torch.linalg.eigh(sum(_weighed(name, v) for name, v in steps.items()))
    rank = int((values > values[-1] * _TOLERANCE**2).sum())
    count = min(dim, rank)
    lengths, first = values[-count:].flip(0).sqrt(), vectors[:, -count:].flip(1)
    return Components(first / lengths, first * lengths)


def _weighed(name: str, v: Tensor) -> Tensor:
    """The Gram matrix (S, S) of v / c."""
    gram = inner(v, v)
    square = gram.diagonal().mean()
    if not bool(square > 0):
        raise UserError(f"subspace: no solution of '{name}' differs from its theta0, so there is nothing to decompose")
    return gram / square


def _refuse_unequal(steps: Mapping[str, Tensor]) -> None:
    counts = {name: len(v) for name, v in steps.items()}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{count} of '{name}'" for name, count in counts.items())
        raise UserError(f"subspace: the SVD needs as many solutions of every method, but has {told}")
