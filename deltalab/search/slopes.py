"""The gradients of one step of a search: of theta, of alpha, or of both at once."""

from __future__ import annotations

from typing import NamedTuple, final

import torch
from torch import Tensor
from torch.autograd import grad

from deltalab.backbone.batch import Batch
from deltalab.delta.method import Delta
from deltalab.delta.stack import Stack
from deltalab.search.inclusion import Inclusion
from deltalab.search.loss import GatedLoss
from deltalab.search.upper import Upper
from deltalab.search.virtual_step import AdamW, Sgd

__all__ = ["Slope", "Slopes"]


class Slope(NamedTuple):
    """A loss (), where it was taken, and its gradients to theta (D,) and alpha (N,), None for one that stays."""

    loss: Tensor
    theta: Tensor | None = None
    alpha: Tensor | None = None


@final
class Slopes:
    """Gradients under gates that are sampled anew for each, and dropout that all passes of one share.

    `chance` is the only source of both, so that a search goes on from its state.
    """

    def __init__(self, stack: Stack, delta: Delta, inclusion: Inclusion, pieces: int, seed: int) -> None:
        self._stack, self._delta, self.inclusion, self._pieces = stack, delta, inclusion, pieces
        self.chance = torch.Generator().manual_seed(seed)
        self._drops = True

    def of_theta(self, rows: Batch, theta: Tensor, alpha: Tensor, step: int) -> Slope:
        """Of the loss to theta alone: one pass."""
        _, z = self._gates(alpha.detach(), step)
        loss = self._lower(rows, theta, z)
        return Slope(loss.detach(), theta=grad(loss, theta)[0])

    def of_both(self, rows: Batch, theta: Tensor, alpha: Tensor, step: int) -> Slope:
        """Of one loss to theta and alpha: one pass."""
        logits, z = self._gates(alpha, step)
        loss = self._lower(rows, theta, z)
        of_theta, of_gates = grad(loss, (theta, z))
        return Slope(loss.detach(), of_theta, self._through_gates(alpha, step, logits, z, of_gates))

    def of_alpha(
        self, upper: Upper, train: Batch, val: Batch, virtual: AdamW | Sgd, theta: Tensor, alpha: Tensor, step: int
    ) -> Slope:
        """The hypergradient of alpha: of the loss on `val` after a virtual step of theta on `train`."""
        logits, z = self._gates(alpha, step)
        # Of gates first: alpha then needs one solution for the budget, however many passes there are.
        found = upper(self._loss(train), self._loss(val), virtual, theta, z)
        return Slope(found.val_loss, alpha=self._through_gates(alpha, step, logits, z, found.gradient))

    def _gates(self, alpha: Tensor, step: int) -> tuple[Tensor, Tensor]:
        logits = self.inclusion.log_odds(alpha, step)
        return logits, self.inclusion.sample(logits, step, self.chance)

    def _through_gates(self, alpha: Tensor, step: int, logits: Tensor, z: Tensor, gradient: Tensor) -> Tensor:
        """The gradient of alpha (N,) from that of its gates, with the penalty's."""
        penalty = self.inclusion.penalty(logits, step)
        if penalty is None:
            return grad(z, alpha, gradient)[0]
        return grad((z, penalty), alpha, (gradient, torch.ones_like(penalty)))[0]

    def _lower(self, rows: Batch, theta: Tensor, z: Tensor) -> Tensor:
        """The loss () of theta under gates; the first one in training tells whether later ones have dropout."""
        at = self._loss(rows)
        loss = at(theta[None], z)[0]
        self._drops = at.drops or not self._stack.backbone.model.training
        return loss

    def _loss(self, rows: Batch) -> GatedLoss:
        seed = int(torch.randint(2**62, (), generator=self.chance))
        return GatedLoss(self._stack, self._delta, rows, seed, self._pieces, self._drops)
