"""How units are chosen by a search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from lightning import LightningDataModule, Trainer, seed_everything
from omegaconf import DictConfig, open_dict

from deltalab.errors import UserError
from deltalab.run.build import build
from deltalab.run.choices import Asked, Choice
from deltalab.run.setup import make_trainer
from deltalab.run.solve import answerer, loader
from deltalab.search.bilevel import StructureSearch
from deltalab.search.trajectory import write_trajectory
from deltalab.search.upper import OneLevel
from deltalab.task.halves import Halves

__all__ = ["by_search"]

_BOTH = ("optimizer", "alpha_optimizer")
_KEYS = (*_BOTH, "max_steps", "max_epochs", "val_check_interval", "batch_size", "lr", "alpha_lr")
"""Keys of `search` beside those of the module."""


def by_search(asked: Asked) -> Choice:
    """The best structure of a search on dev; its trajectory and checkpoints are left in the folder of the run."""
    budget, config = asked.budget, _searching(asked.config)
    module, data = _assemble(config, asked)
    trainer = make_trainer(config)
    trainer.loggers = list(asked.loggers)  # one curve file and one W&B run for both fits
    seed_everything(config.seed, verbose=False)
    _fit(trainer, module, data, config.resume)
    path = Path(asked.config.output_dir) / "trajectory.json"
    write_trajectory(path, module.trajectory, asked.space, asked.costs, budget.amount)
    at = module.trajectory.best(module.select)
    found = {
        "best_step": module.best_step,
        "steps": module.steps,
        "select": module.select,
        "dev": {"discrete": module.best_score, "soft": module.trajectory.soft[at]},
    }
    return Choice(module.chosen, budget, module.best_p, found)


def _searching(config: DictConfig) -> DictConfig:
    """The config of the search's own fit: `search` is its recipe; it has a folder of its own, and no loggers yet."""
    inner = config.copy()
    with open_dict(inner):
        inner.recipe, inner.logger = config.search, {}
        inner.output_dir = str(Path(config.output_dir) / "search")
        inner.trainer.gradient_clip_val, inner.trainer.accumulate_grad_batches = None, 1  # search.clip and .accumulate
    return inner


def _assemble(config: DictConfig, asked: Asked) -> tuple[StructureSearch, LightningDataModule]:
    upper = build(config, "hypergradient")
    data = loader(config, asked.base, asked.task, [config.seed], 2)  # dev is answered with gates 0 or 1, and soft ones
    given: dict[str, Any] = {
        "stack": asked.base.stack,
        "candidates": asked.space,
        "task": asked.task,
        "answerer": answerer(data),
        **{name: _optimizer(config, f"search.{name}") for name in _BOTH},
        "strategy": build(config, "strategy"),
        "gate": build(config, "gate"),
        "hypergradient": upper,
        "budget": asked.budget.amount,
        "seed": config.seed,
        "theta0_seed": config.theta0_seed,
        "costs": asked.costs,
    }
    module: StructureSearch = build(config, "search", late=list(given), but=_KEYS)(**given)
    return module, data if isinstance(upper, OneLevel) else Halves(data, config.seed)


def _optimizer(config: DictConfig, where: str) -> Any:  # noqa: ANN401
    """An optimiser that still takes its parameters; raises `UserError` for settings that it refuses."""
    made = build(config, where, late=("params",))
    try:
        made([{"params": [torch.nn.Parameter(torch.zeros(1))], "shapes": [(1,)]}])
    except (TypeError, ValueError) as error:
        raise UserError(f"{where}: {error}") from error
    return made


def _fit(trainer: Trainer, module: StructureSearch, data: LightningDataModule, resume: str | None) -> None:
    """Search, and judge the last structure on dev where training ended between validations."""
    if resume is not None and "search" not in torch.load(resume, map_location="cpu", weights_only=True):
        raise UserError(
            f"resume={resume}: no checkpoint of a search; an interrupted retraining goes on as "
            "`python train.py delta=structure delta.path=.../structure.yaml resume=...`"
        )
    module.train()  # dropout as the backbone's config has it
    trainer.fit(module, datamodule=data, ckpt_path=resume)
    if module.unvalidated:
        trainer.validate(module, datamodule=data, verbose=False)
