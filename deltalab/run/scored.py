"""How units are chosen after a short tuning of the whole space: by how far each moved, or how the loss feels it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import islice

import torch
from lightning import Trainer, seed_everything
from omegaconf import DictConfig, OmegaConf, open_dict
from torch import Tensor
from torch.autograd import grad

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.errors import one_of
from deltalab.packed import across
from deltalab.packed.job import Job
from deltalab.processes import mean
from deltalab.run.build import whole
from deltalab.run.choices import Asked, Choice
from deltalab.run.pack import rate_of, seed_of
from deltalab.run.setup import make_trainer
from deltalab.run.solve import assemble
from deltalab.search import sensitivity as scores
from deltalab.search.discretize import greedy
from deltalab.step import losses
from deltalab.task.datamodule import TextDataModule

__all__ = ["magnitude", "sensitivity"]

log = logging.getLogger(__name__)


def magnitude(asked: Asked, steps: int, lr: float) -> Choice:
    """By the length of the way that each unit's numbers went in `steps` steps of the whole space."""
    budget, delta = asked.budget, asked.space.delta
    theta0 = delta.layout.initial(_origin(asked))
    theta, *_ = _tuned(asked, whole(steps, "choice.steps", least=1), lr)
    return Choice(greedy(scores.magnitude(delta, theta.cpu() - theta0), asked.costs, budget.amount), budget)


def sensitivity(asked: Asked, to: str, batches: int, steps: int, lr: float) -> Choice:
    """By the gradient of the train loss to each gate, or to its unit's numbers, after `steps` steps of the whole space.

    Raises `UserError` for any other `to`.
    """
    budget, delta = asked.budget, asked.space.delta
    one_of("kind", to, ("gates", "numbers"), "choice.to")
    whole(batches, "choice.batches", least=1)
    theta, data, trainer = _tuned(asked, whole(steps, "choice.steps", least=int(to == "gates")), lr)
    found = torch.stack([_gradient(asked, theta, batch, to) for batch in _rows(data, trainer, batches)])
    felt = scores.gate_sensitivity(found) if to == "gates" else scores.gradient_squares(delta, found)
    return Choice(greedy(felt, asked.costs, budget.amount), budget)


def _tuned(asked: Asked, steps: int, lr: float) -> tuple[Tensor, TextDataModule, Trainer]:
    """theta (D,) of the whole space after some steps, on the device of the trainer, which it is given with its data."""
    config, delta = _short(asked.config, steps), asked.space.delta
    theta0 = delta.layout.initial(_origin(asked))
    job = Job("whole-space", delta, config.seed, rate_of(lr, "choice.lr"), theta0, theta0_seed=_origin(asked))
    module, data = assemble(config, asked.base, asked.task, [job])
    trainer = make_trainer(config)
    seed_everything(config.seed, verbose=False)
    if steps:
        module.train()
        trainer.fit(module, datamodule=data)
    module.eval().to(trainer.strategy.root_device)  # the trainer has left both
    return module.points[0].detach(), data, trainer


def _origin(asked: Asked) -> int:
    """The seed of theta0."""
    given = asked.config.theta0_seed
    return seed_of(asked.config.seed if given is None else given, "seed" if given is None else "theta0_seed")


def _short(config: DictConfig, steps: int) -> DictConfig:
    """The config with a recipe of so many steps and no validation, without loggers and checkpoints."""
    inner, most = config.copy(), config.trainer.max_steps
    taken = min(most, steps) if most > 0 else steps
    if taken < steps:
        log.info("choice.steps=%d: %d, as trainer.max_steps", steps, taken)
    with open_dict(inner):
        inner.recipe.max_steps, inner.recipe.val_check_interval = steps, steps + 1
        inner.trainer.max_steps, inner.trainer.max_epochs = taken, -1
        inner.trainer.enable_checkpointing = False
        inner.logger, inner.callbacks = {}, OmegaConf.create({"progress": config.callbacks.get("progress")})
    return inner


def _rows(data: TextDataModule, trainer: Trainer, batches: int) -> Iterator[Batch]:
    data.setup()
    return (batch.to(trainer.strategy.root_device) for batch in islice(data.train_dataloader(), batches))


def _gradient(asked: Asked, theta: Tensor, batch: Batch, to: str) -> Tensor:
    """Of the loss, to the gates at 1 (N,) or to theta (D,), on the CPU; of the rows of all processes."""
    gates = torch.ones(1, len(asked.space.members), device=theta.device).requires_grad_()
    theta = theta.clone().requires_grad_()
    rows = across.own(batch, 1)
    each = losses(asked.base.stack, rows, [Segment(asked.space.delta, theta, gates)])
    (loss,) = across.weighed(each, rows.terms)
    (found,) = grad(loss, gates if to == "gates" else theta)
    return mean(found.reshape(-1)).cpu()
