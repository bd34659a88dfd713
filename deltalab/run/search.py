"""What `python search.py` does: choose units under a budget, train them from a fresh theta0, test once."""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from lightning import Trainer, seed_everything
from omegaconf import DictConfig, open_dict

from deltalab.atomic import write_json
from deltalab.delta.chosen import Structure
from deltalab.errors import UserError, unknown
from deltalab.report.artifact import log_artifacts
from deltalab.report.logger import log_pictures, log_results
from deltalab.report.picture.draw import search_pictures
from deltalab.report.picture.folder import save_all
from deltalab.report.search_record import Sought, search_record
from deltalab.report.search_table import print_structure
from deltalab.report.table import print_results
from deltalab.run.build import build, plain
from deltalab.run.choices import Asked, Choice
from deltalab.run.facts import facts_by_job
from deltalab.run.ground import ground
from deltalab.run.loggers import describe, wandb_closed
from deltalab.run.overrides import key_of, overridden
from deltalab.run.pack import jobs, methods
from deltalab.run.ranks import gather, lead, others_leave
from deltalab.run.resume import go_on
from deltalab.run.setup import COMMON, begin, make_trainer
from deltalab.run.solutions import keep
from deltalab.run.solve import assemble, fit_and_test, leave
from deltalab.run.tune import one

__all__ = ["search"]

log = logging.getLogger(__name__)

_SEARCH = ("strategy", "gate", "hypergradient")
_KEYS = (*COMMON, *_SEARCH, "search_space", "budget", "cost", "choice", "search", "retrain", "published")


def search(config: DictConfig) -> float:
    """Run what the config describes; returns the record's score, NaN where nothing was retrained."""
    started = time.perf_counter()
    begin(config, known=_KEYS, program="search")
    _refuse(config)
    trainer, task = make_trainer(config), one(build(config, "task"))
    base = ground(config)
    space = build(config, "search_space").bind(base.backbone)
    asked = Asked(config, base, task, space, trainer.loggers)
    _try_out(asked)
    gather(config, trainer)
    folder = Path(config.output_dir)
    with wandb_closed():
        describe(trainer.loggers, config, base.backbone, {"parameters/search_space": space.delta.size})
        choice = build(config, "choice", late=("asked",))(asked)
        structure = _written(asked, choice, folder)
        sought = Sought(
            _option("choice"), _entry(choice), space, structure, choice.found, time.perf_counter() - started
        )
        print_structure(sought)
        if not config.retrain:
            others_leave()
        tuned = _retrained(asked, trainer, folder, choice.p is not None) if config.retrain else None
        seconds = time.perf_counter() - started
        record = search_record(plain(config), task, base.backbone, sought, tuned, seconds)
        _leave(folder, record, trainer)
    if tuned is not None:
        print_results(record)
    print(f"record: {folder / 'record.json'}")  # noqa: T201
    return math.nan if tuned is None else float(record["score"])


def _refuse(config: DictConfig) -> None:
    """Raise `UserError` for settings that are not the user's to give, and for a task without published numbers."""
    for word in overridden("delta", "stage", "pack"):
        if key_of(word) in ("delta", "delta.path", "delta._target_", "stage", "pack.delta"):
            raise UserError(f"{word}: the chosen units are what is trained; use train.py for another delta or stage")
    for word in overridden("search_space.methods"):
        if key_of(word).endswith(".lr"):
            raise UserError(f"{word}: all units are searched at search.lr and retrained at optimizer.lr")
    _tell_of_search()
    if not isinstance(config.retrain, bool):
        raise UserError(f"retrain={config.retrain}: must be true or false")
    table = config.get("published")
    if table is not None and config.task.name not in table:
        raise unknown("task", config.task.name, map(str, table), "task.name")


def _tell_of_search() -> None:
    """Say what only a search uses where there is none; `UserError` unless another choice of a sweep may use it."""
    choice = _option("choice")
    if choice == "search":
        return
    given = overridden(*_SEARCH)
    if given and HydraConfig.get().mode != RunMode.MULTIRUN:
        raise UserError(f"{given[0]}: choice={choice} does not use it")
    for word in given or overridden("search"):
        log.warning("%s: choice=%s does not use it", word, choice)


def _try_out(asked: Asked) -> None:
    """Put a retraining together: what is wrong with its settings shows before a search takes its time."""
    config, method = _fresh(asked.config), next(iter(asked.space.methods.values()))
    assemble(config, asked.base, asked.task, jobs(config, asked.base.backbone, {config.name: method}))


def _fresh(config: DictConfig, searched: bool = False) -> DictConfig:
    """The config of the retraining: always from a fresh theta0.

    Where there was a search, a checkpoint to go on from is that of the search; what is retrained goes on in the same
    folder alone, for it stands for the structure in it.
    """
    inner = config.copy()
    with open_dict(inner):
        inner.solution = None
        if searched:
            inner.resume = None
    return inner


def _written(asked: Asked, choice: Choice, folder: Path) -> Structure:
    """The structure that was chosen, left in the folder of the run with where it comes from."""
    learnt = {} if choice.p is None else {name: _option(name) for name in _SEARCH}
    provenance = {
        "task": asked.task.name,
        "search_space": _option("search_space"),
        "choice": _option("choice"),
        **learnt,
        "seed": asked.config.seed,
        "budget": _entry(choice),
        "record": str(folder / "record.json"),
    }
    structure = Structure.of(asked.space, choice.units, choice.p, provenance)
    lead(lambda: structure.save(folder / "structure.yaml"))
    return structure


def _retrained(asked: Asked, trainer: Trainer, folder: Path, searched: bool) -> dict[str, Any]:
    """The record of tuning the structure in `folder`, as stage=tune with delta=structure would write it."""
    started, base, task, config = time.perf_counter(), asked.base, asked.task, _fresh(asked.config, searched)
    seed_everything(config.seed, verbose=False)
    chosen = methods(config)
    module, data = assemble(config, base, task, jobs(config, base.backbone, chosen))
    facts = facts_by_job(config, base, task, chosen, module.jobs)
    fit_and_test(trainer, module, data, go_on(config, trainer, facts.values()))
    others_leave()
    record = leave(folder, asked.config, module, time.perf_counter() - started)
    keep(base.store, folder, module, facts, trainer)
    return record


def _leave(folder: Path, record: dict[str, Any], trainer: Trainer) -> None:
    """Write the record and its pictures, and tell the loggers."""
    write_json(folder / "record.json", record)
    drawn = search_pictures(record, folder)
    save_all(drawn, folder / "pictures")
    log_pictures(trainer.loggers, drawn, trainer.global_step)
    left = [("structure", folder / "structure.yaml"), ("solution", folder / "solution")]
    log_artifacts(trainer.loggers, left, {"task": record["task"]["name"]})
    if record["jobs"]:
        log_results(trainer.loggers, record, trainer.global_step)


def _entry(choice: Choice) -> dict[str, Any] | None:
    return None if choice.budget is None else choice.budget.entry()


def _option(group: str) -> str:
    """The option of a group that the run has chosen."""
    return str(HydraConfig.get().runtime.choices[group])
