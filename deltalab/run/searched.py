"""How units are chosen by a search."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch
from lightning import LightningDataModule, Trainer, seed_everything
from omegaconf import DictConfig, open_dict

from deltalab.delta.solution import vector_hash
from deltalab.errors import UserError
from deltalab.run.build import build, plain
from deltalab.run.choices import Asked, Choice
from deltalab.run.facts import settled, task_facts
from deltalab.run.precision import scaled
from deltalab.run.ranks import lead
from deltalab.run.resume import go_on
from deltalab.run.setup import make_optimizer, make_trainer
from deltalab.run.solve import answerer, loader
from deltalab.run.unused import refuse_for_searching
from deltalab.search.bilevel import StructureSearch
from deltalab.search.trajectory import write_trajectory
from deltalab.search.upper import FiniteDifference, OneLevel
from deltalab.task.halves import Halves

__all__ = ["by_search"]

log = logging.getLogger(__name__)

_FOLDER = "search"
_BOTH = ("optimizer", "alpha_optimizer")
_LENGTH = ("max_steps", "max_epochs", "val_check_interval")
_KEYS = (*_BOTH, *_LENGTH, "batch_size", "lr", "alpha_lr")
"""Keys of `search` beside those of the module."""

_DETERMINING = ("search_space", "budget", "cost", "strategy", "gate", "hypergradient", "seed", "theta0_seed")


def by_search(asked: Asked) -> Choice:
    """The best structure of a search on dev; its trajectory and checkpoints are left in the folder of the run."""
    budget, config = asked.budget, _searching(asked.config)
    module, data = _assemble(config, asked)
    refuse_for_searching(module.inclusion)
    trainer = make_trainer(config)
    _refuse_still(config, trainer.max_steps)
    trainer.loggers = list(asked.loggers)  # one curve file and one W&B run for both fits
    checkpoint = go_on(config, trainer, [_facts(config, asked)])
    seed_everything(config.seed, verbose=False)
    _fit(trainer, module, data, checkpoint)
    path = Path(asked.config.output_dir) / "trajectory.json"
    costs = asked.costs
    lead(lambda: write_trajectory(path, module.trajectory, asked.space, costs, budget.amount))
    at = module.trajectory.best(module.select)
    found = {
        "best_step": module.best_step,
        "steps": module.steps,
        "select": module.select,
        "dev": {"discrete": module.best_score, "soft": module.trajectory.soft[at]},
    }
    return Choice(module.chosen, budget, module.best_p, found)


def _refuse_still(config: DictConfig, steps: int) -> None:
    """Raise `UserError` for a search that prefers no unit; warn of decays that end after it."""
    if not config.search.alpha_optimizer.lr > 0:
        raise UserError(f"search.alpha_lr={config.search.alpha_optimizer.lr}: must be above 0, or no unit is preferred")
    for name in ("temperature", "budget_schedule"):
        decay = config.search[name].decay
        if decay.shape != "constant" and isinstance(decay.steps, int) and 0 <= steps < decay.steps:
            log.warning("search.%s.decay.steps=%d: the search ends before, after %d steps", name, decay.steps, steps)


def _searching(config: DictConfig) -> DictConfig:
    """The config of the search's own fit: `search` is its recipe; it has a folder of its own, and no loggers yet."""
    inner = config.copy()
    with open_dict(inner):
        inner.recipe, inner.logger = config.search, {}
        inner.output_dir = str(Path(config.output_dir) / _FOLDER)
        if config.resume is not None and Path(config.resume).expanduser().is_dir():
            inner.resume = str(Path(config.resume) / _FOLDER)
        inner.trainer.gradient_clip_val, inner.trainer.accumulate_grad_batches = None, 1  # search.clip and .accumulate
    return inner


def _assemble(config: DictConfig, asked: Asked) -> tuple[StructureSearch, LightningDataModule]:
    if scaled(config):
        raise UserError("trainer.precision=16-mixed: a search takes gradients as they are; use bf16-mixed or 32-true")
    upper = build(config, "hypergradient")
    if isinstance(upper, FiniteDifference):
        upper = upper.at(config.trainer.precision == "bf16-mixed" or asked.base.backbone.dtype != torch.float32)
    data = loader(config, asked.base, asked.task, [config.seed], 2)  # dev is answered with gates 0 or 1, and soft ones
    given: dict[str, Any] = {
        "stack": asked.base.stack,
        "candidates": asked.space,
        "task": asked.task,
        "answerer": answerer(data),
        **{name: make_optimizer(config, own_rates=False, where=f"search.{name}") for name in _BOTH},
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


def _facts(config: DictConfig, asked: Asked) -> dict[str, Any]:
    """What determines a search, but for how long it goes on."""
    settings = plain(config)
    search = {key: value for key, value in settings["search"].items() if key not in _LENGTH}
    return {
        "what": f"a search on {asked.task.name}, seed {config.seed}",
        "backbone": asked.base.facts,
        "task": task_facts(asked.task),
        "search": search,
        "costs": vector_hash(asked.costs),
        **settled(config, "data", "trainer"),
        **{key: settings[key] for key in _DETERMINING},
    }


def _fit(trainer: Trainer, module: StructureSearch, data: LightningDataModule, resume: str | None) -> None:
    """Search, and judge the last structure on dev where training ended between validations."""
    module.train()  # dropout as the backbone's config has it
    trainer.fit(module, datamodule=data, ckpt_path=resume)
    if module.unvalidated:
        trainer.validate(module, datamodule=data, verbose=False)
