"""How long a fit is, asked before it begins."""

from __future__ import annotations

import math

from lightning import Trainer

from deltalab.errors import UserError

__all__ = ["steps_of"]


def steps_of(trainer: Trainer) -> int:
    """Steps of a fit that is about to begin; raises `UserError` where it has no end.

    Where the fit is given in epochs Lightning makes the loaders to count their batches, and a loader that is made
    before a checkpoint is read is never told where in an epoch it stands: one that is to go on is made again.
    """
    total = trainer.estimated_stepping_batches
    if math.isinf(total):
        raise UserError("trainer.max_steps=-1: needs an end; give trainer.max_steps or trainer.max_epochs")
    if trainer.ckpt_path is not None:
        trainer.fit_loop._combined_loader = None
    return int(total)
