"""Projectors that begin at the principal components of the solutions instead of at random numbers."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from deltalab.subspace.activation import STRAIGHT, activation
from deltalab.subspace.components import components
from deltalab.subspace.down import Dense, Span
from deltalab.subspace.products import combined, inner
from deltalab.subspace.up import Linear

__all__ = ["at_components"]

_REACH = 0.5
"""How far from where the activation is straight the largest code comes to lie."""


@torch.no_grad()
def at_components(
    ups: Mapping[str, Linear], downs: Mapping[str, Dense | Span], steps: Mapping[str, Tensor], dim: int
) -> None:
    """Let every method's solutions v_m (S, D_m) be encoded near their components Z (S, r), and decoded from these.

    Up the first r columns are U_m = v_m^T M (see `deltalab.subspace.components`). Down the first r hidden numbers lie
    around a point b where the activation is straight, W1 v_ms + b1 = b + Z_s / (2 max |Z|), and W2 and b2 take their
    activations back to Z by least squares. The d - r others keep the numbers they have.
    """
    mix, codes = components(steps, dim)
    for name, v in steps.items():
        ups[name].matrix[:, : mix.shape[1]] = combined(v, mix)
        _encode(downs[name], v, codes)


def _encode(down: Dense | Span, v: Tensor, codes: Tensor) -> None:
    known, read = codes.shape[1], down.coordinates(v)
    at = STRAIGHT[down.act]
    apart = codes * (_REACH / codes.abs().max())
    gram = inner(read, read)
    down.first[:known] = combined(read, torch.linalg.pinv(gram, rtol=1e-12, hermitian=True) @ apart).T
    down.first_bias[:known] = at
    hidden = torch.nn.functional.pad(activation(down.act)(at + apart), (0, 1), value=1.0)
    back = torch.linalg.lstsq(hidden, codes).solution.T.to(v.dtype)  # (r, r + 1)
    down.second[:known] = 0.0
    down.second[:known, :known], down.second_bias[:known] = back[:, :-1], back[:, -1]
