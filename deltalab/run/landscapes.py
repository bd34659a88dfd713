"""The landscape of a subspace, where the recipe of a stage asks for one."""

from __future__ import annotations

from itertools import islice
from typing import Any

from lightning import Trainer
from omegaconf import DictConfig

from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.landscape import landscape
from deltalab.task.several import SeveralTasks

__all__ = ["landscape_of"]


def landscape_of(
    config: DictConfig, module: SubspaceApproximation, data: SeveralTasks, trainer: Trainer
) -> dict[str, Any] | None:
    """The landscape of the first task on dev, of as many batches as a validation takes; None where none is asked."""
    if config.recipe.landscape is None:
        return None
    resolution = int(config.recipe.landscape)
    one, loader = module.solved[0], data.tasks[0].val_dataloader()
    module.eval().to(trainer.strategy.root_device)  # the trainer has left both
    batches = list(islice(loader, _looked_at(trainer, len(loader))))
    at_once = len(module.subspace.methods) + 1  # as many points as the batches were made for
    points = landscape(module.stack, module.subspace, one, batches, "dev", resolution, at_once)
    return {"task": one.task.name, "metric": one.task.metric.name, "resolution": resolution, "points": points}


def _looked_at(trainer: Trainer, batches: int) -> int:
    limit = trainer.limit_val_batches
    return min(limit, batches) if isinstance(limit, int) else int(limit * batches)
