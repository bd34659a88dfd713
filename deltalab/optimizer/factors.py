"""Gradients of wide matrices, held as the few rows they are made of.

The gradient of W (n, m) in y = x W^T is (dL/dy)^T x, of rank r where x has r rows. With n in the millions the two
factors are all that is worth keeping: what an optimiser needs of the gradient follows from them, and n times m numbers
are written once a step, by the update itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

__all__ = ["Factors", "Matrix", "product"]

_AT_ONCE = 2**16  # columns of a sum in single precision


@final
@dataclass(frozen=True)
class Factors:
    """A matrix left^T right (n, m) of rank r at most: left (r, n), right (r, m)."""

    left: Tensor
    right: Tensor

    @classmethod
    def of(cls, parts: Sequence[Factors]) -> Factors:
        """The sum of some."""
        return cls(torch.cat([one.left for one in parts]), torch.cat([one.right for one in parts]))

    @property
    def small(self) -> bool:
        """Whether the factors are fewer numbers than the matrix."""
        return self.left.numel() + self.right.numel() < self.left.shape[1] * self.right.shape[1]

    def dense(self) -> Tensor:
        """The matrix itself."""
        return self.left.T @ self.right

    def norm(self) -> Tensor:
        """Its Frobenius norm."""
        return (_gram(self.left) * _gram(self.right)).sum().clamp_min(0).sqrt().to(self.left.dtype)

    def squares(self) -> tuple[Tensor, Tensor]:
        """The sums of its squared entries over every row (n,) and over every column (m,)."""
        return (_root(self.right) @ self.left).square_().sum(0), (_root(self.left) @ self.right).square_().sum(0)

    def scaled(self, rows: Tensor, columns: Tensor) -> Factors:
        """diag(rows) left^T right diag(columns)."""
        return Factors(self.left * rows, self.right * columns)


@final
class Matrix(nn.Parameter):
    """A parameter (n, m) whose gradient `product` puts into `factors`, where an optimiser has set out a list there."""

    factors: list[Factors] | None = None

    def settle(self) -> None:
        """Turn what was collected into an ordinary gradient."""
        if self.factors:
            whole = Factors.of(self.factors).dense()
            self.grad = whole if self.grad is None else self.grad + whole
            self.factors.clear()


def product(x: Tensor, matrix: Tensor) -> Tensor:
    """x W^T (..., n) of x (..., m) and W (n, m)."""
    factors = getattr(matrix, "factors", None)
    if factors is None or not torch.is_grad_enabled():
        return x @ matrix.T
    y: Tensor = _Product.apply(x.reshape(-1, x.shape[-1]), matrix, factors)
    return y.view(*x.shape[:-1], len(matrix))


class _Product(torch.autograd.Function):
    """x W^T (r, n) of x (r, m); a long W is read fastest from its own side."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, matrix: Tensor, factors: list[Factors]) -> Tensor:  # noqa: ANN401
        ctx.save_for_backward(x, matrix)
        ctx.factors = factors
        return (matrix @ x.T).T.contiguous()

    @staticmethod
    @once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None, None]:  # noqa: ANN401
        x, matrix = ctx.saved_tensors
        of_x = grad @ matrix if ctx.needs_input_grad[0] else None
        found = Factors(grad, x)
        if ctx.needs_input_grad[1] and not found.small:
            return of_x, found.dense(), None
        if ctx.needs_input_grad[1]:
            ctx.factors.append(found)
        return of_x, None, None


def _gram(rows: Tensor) -> Tensor:
    """rows rows^T (r, r) in double precision; the products of long rows are summed in single precision first."""
    precise = rows.double() if rows.shape[1] <= _AT_ONCE else rows
    return torch.stack([(block @ block.T).double() for block in precise.split(_AT_ONCE, 1)]).sum(0)


def _root(rows: Tensor) -> Tensor:
    """R (r, r) with R^T R = rows rows^T, so that sums of squares keep their sign; NaN where a row is not finite."""
    gram = _gram(rows)
    if not bool(gram.isfinite().all()):  # it has no eigenvalues
        return torch.full_like(gram, torch.nan, dtype=rows.dtype)
    values, vectors = torch.linalg.eigh(gram)
    return (vectors * values.clamp_min(0).sqrt()).T.to(rows.dtype)
