"""The loss of gated thetas on fixed rows under fixed dropout: a function of the numbers alone."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from deltalab.backbone.batch import Batch
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.packed.across import own
from deltalab.processes import rank, world
from deltalab.search.noise import SharedDropout
from deltalab.search.reduce import spread, summed
from deltalab.step import losses

__all__ = ["GatedLoss"]


@final
class GatedLoss:
    """From thetas (G, D) and gates (N,) to losses (G,): nats per term over rows that processes share.

    Every theta sees the same rows under the same dropout, which follows from `seed` at every call. `pieces` cuts the
    rows: each piece is computed again in the backward pass, so that no more than one is held at a time. `drops` tells
    that something may be dropped, which takes time to watch for, and afterwards whether anything was.
    """

    def __init__(
        self, stack: Stack, delta: Delta, batch: Batch, seed: int, pieces: int = 1, drops: bool = True
    ) -> None:
        self._stack, self._delta, self._seed, self.drops = stack, delta, seed, drops
        batch = own(batch, 1)
        size = -(-len(batch) // pieces)
        self._pieces = [batch.slice(start, start + size) for start in range(0, len(batch), size)]
        counts = torch.stack([piece.terms.sum() for piece in self._pieces]).float()
        self._shares = counts / summed(counts.sum())

    def __call__(self, thetas: Tensor, gates: Tensor) -> Tensor:
        thetas, gates = spread(thetas), spread(gates)
        if len(self._pieces) == 1:
            return summed(self._of_piece(thetas, gates, 0))
        parts = [
            checkpoint(self._of_piece, thetas, gates, i, use_reentrant=False, preserve_rng_state=False)
            for i in range(len(self._pieces))
        ]
        return summed(torch.stack(parts).sum(0))

    def _of_piece(self, thetas: Tensor, gates: Tensor, i: int) -> Tensor:
        copies = len(thetas)
        segment = Segment(self._delta, thetas, gates.expand(copies, -1))
        rows = self._pieces[i].repeat(copies)
        if not self.drops:
            return losses(self._stack, rows, [segment]) * self._shares[i]
        with SharedDropout(copies, self._seed + i * world() + rank()) as shared:
            each = losses(self._stack, rows, [segment]) * self._shares[i]
            self.drops = shared.drew
        return each
