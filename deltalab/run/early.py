"""Refuse before solutions are tuned what would be refused once a subspace is learnt from them."""

from __future__ import annotations

from omegaconf import DictConfig

from deltalab.errors import UserError
from deltalab.run.build import build
from deltalab.run.setup import make_optimizer
from deltalab.subspace.reconstruction import reconstruction
from deltalab.task.shares import shares

__all__ = ["LEARNS", "refuse_before_learning"]

LEARNS = ("stack", "subspace", "solved", "optimizer", "seed")
"""What a stage that learns is given when it is built."""


def refuse_before_learning(config: DictConfig) -> None:
    """Raise `UserError` for settings of `stage` and `optimizer` that no subspace is learnt with."""
    build(config, "stage", late=LEARNS)
    given = config.stage
    reconstruction(given.get("reconstruction", "l2"), given.get("weight", 0.0))
    try:
        shares([1], given.get("tasks", "equal"))
    except UserError as error:
        raise UserError(f"stage.{error}") from error
    make_optimizer(config, own_rates=False)
