"""How the validation loss after a step of theta changes with alpha: three answers of one signature.

The lower level moves theta one virtual step, theta' = step(theta, d L_train(theta, alpha) / d theta); the upper level
is L_val(theta', alpha). Both losses are functions of a stack of thetas (G, D) and alpha (N,) that return (G,); all
noise in them (gates, dropout) is fixed, so that they are functions at all. Gates z(alpha) may stand for alpha: by the
chain rule z.backward(d L_val / d z) then gives the same gradient of alpha, and z is computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor
from torch.autograd import grad

from deltalab.search.virtual_step import VirtualStep

__all__ = ["Hypergradient", "Losses", "exact", "finite_difference", "first_order"]

Losses = Callable[[Tensor, Tensor], Tensor]
"""From thetas (G, D) and alpha (N,) to the loss of each theta (G,), on the same rows."""


@final
@dataclass(frozen=True)
class Hypergradient:
    """d L_val / d alpha (N,), and L_val (), where it was taken."""

    gradient: Tensor
    val_loss: Tensor


def first_order(
    train: Losses, val: Losses, step: VirtualStep, theta: Tensor, alpha: Tensor, look_ahead: bool = True
) -> Hypergradient:
    """The part of the hypergradient that holds theta' constant: d L_val(theta', alpha) / d alpha.

    Without `look_ahead` it is taken at theta, which needs no train pass: the first order of Liu et al. 2019,
    arXiv 1806.09055.
    """
    theta, alpha = _leaf(theta), _leaf(alpha)
    if look_ahead:
        (gradient,) = grad(train(theta[None], alpha)[0], theta)
        theta = _leaf(step(theta, gradient))
    loss = val(theta[None], alpha)[0]
    (partial,) = grad(loss, alpha, materialize_grads=True)
    return Hypergradient(partial, loss.detach())


def finite_difference(
    train: Losses,
    val: Losses,
    step: VirtualStep,
    theta: Tensor,
    alpha: Tensor,
    radius: float = 0.01,
    floor: float = 1e-6,
    pull: VirtualStep | None = None,
) -> Hypergradient:
    """The hypergradient with its mixed second derivative by central differences (Liu et al. 2019, arXiv 1806.09055).

    With d = d L_val / d theta' and u = (d theta' / d g)^T d, the missing part is (d g / d alpha)^T u, or
    d/d alpha [L_train(theta + e u) - L_train(theta - e u)] / 2e: both losses from one call of `train`, on a stack of
    two. The perturbation e u has the published length radius |d| / (|d| + floor). `pull` gives u in the place of
    `step`: the published code follows AdamW's step but has u = -lr d, that of plain SGD.
    """
    theta, alpha = _leaf(theta), _leaf(alpha)
    (gradient,) = grad(train(theta[None], alpha)[0], theta)
    gradient = _leaf(gradient)
    moved = step(theta, gradient)
    ahead = _leaf(moved)
    loss = val(ahead[None], alpha)[0]
    partial, d = grad(loss, (alpha, ahead), materialize_grads=True)
    (u,) = grad(moved if pull is None else pull(theta, gradient), gradient, d)
    e = _epsilon(d, u, radius, floor)
    plus, minus = train(torch.stack([theta + e * u, theta - e * u]).detach(), alpha)
    (mixed,) = grad((plus - minus) / (2 * e), alpha, materialize_grads=True)
    return Hypergradient(partial + mixed, loss.detach())


def exact(train: Losses, val: Losses, step: VirtualStep, theta: Tensor, alpha: Tensor) -> Hypergradient:
    """The hypergradient itself, by differentiating through the virtual step and the train gradient in it.

    The losses must be differentiable twice: a grouped forward needs attention="eager".
    """
    theta, alpha = _leaf(theta), _leaf(alpha)
    (gradient,) = grad(train(theta[None], alpha)[0], theta, create_graph=True)
    loss = val(step(theta, gradient)[None], alpha)[0]
    (total,) = grad(loss, alpha, materialize_grads=True)
    return Hypergradient(total, loss.detach())


def _leaf(value: Tensor) -> Tensor:
    return value.detach().requires_grad_()


def _epsilon(d: Tensor, u: Tensor, radius: float, floor: float) -> Tensor:
    """e with |e u| = radius |d| / (|d| + floor)."""
    least = torch.finfo(u.dtype).tiny  # where d is 0, the difference is to be 0 and not 0 / 0
    length = radius * d.norm() / (d.norm() + floor).clamp_min(least)
    return (length / u.norm().clamp_min(least)).clamp_min(least)
