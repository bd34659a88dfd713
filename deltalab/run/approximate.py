"""stage=approximate: a subspace from solved tasks, which are found in the store or tuned first."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from lightning import Trainer, seed_everything
from matplotlib.figure import Figure
from omegaconf import DictConfig

from deltalab.atomic import write_json
from deltalab.errors import UserError
from deltalab.report.artifact import log_artifacts
from deltalab.report.logger import log_pictures
from deltalab.report.picture.draw import pictures
from deltalab.report.picture.folder import save_all
from deltalab.report.subspace_record import approximation_record, solved_entry
from deltalab.report.subspace_table import print_approximation
from deltalab.report.tables import log_tables
from deltalab.run.build import build, plain, whole
from deltalab.run.early import LEARNS, refuse_before_learning
from deltalab.run.ground import Ground, ground
from deltalab.run.landscapes import landscape_of
from deltalab.run.loggers import describe, wandb_closed
from deltalab.run.members import Members, Seen, make_subspace, members, scores_of, seen
from deltalab.run.origin import keep_subspace, subspace_facts
from deltalab.run.ranks import gather, lead, others_leave
from deltalab.run.resume import go_on, of_one_length
from deltalab.run.setup import begin, make_optimizer, make_trainer
from deltalab.run.solve import answerer, loader
from deltalab.run.unused import refuse_for_learning
from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.file import save
from deltalab.subspace.maker import Maker
from deltalab.subspace.mixing import UNSHARED
from deltalab.subspace.solved import Solved, steps
from deltalab.subspace.subspace import Subspace
from deltalab.task.several import SeveralTasks

__all__ = ["approximate", "learn"]

log = logging.getLogger(__name__)

_UNUSED = (
    "delta",
    "pack",
    "solution",
    "theta0_seed",
    "needs.approximate",
    "subspace.source_task",
    "subspace.path",
)


def approximate(config: DictConfig) -> float:
    """Run what the config describes; returns the record's score."""
    begin(config, unused=_UNUSED)
    base, folder = ground(config), Path(config.output_dir)
    chosen = members(config, base)
    refuse_for_learning(chosen.maker)
    with wandb_closed():
        record, facts = learn(config, base, chosen, folder)
    others_leave()
    if base.store.keep and facts is not None:
        keep_subspace(base.store, folder, facts)
    print_approximation(record)
    print(f"record: {folder / 'record.json'}")  # noqa: T201
    return float(record["score"])


def learn(
    config: DictConfig, base: Ground, chosen: Members, folder: Path
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Train a subspace and write it to `folder`/subspace, its record and pictures beside it.

    Returns the record, and the facts that a store is to know it by, None where it is not what they make of it.
    """
    started = time.perf_counter()
    _refuse(config, chosen.maker)
    refuse_before_learning(config)
    trainer = make_trainer(config)
    gather(config, trainer)
    tasks = seen(config, base, chosen.maker.needs_solutions)
    _say_what_is_drawn(config, tasks, len(chosen.deltas))
    subspace = make_subspace(chosen, config.seed, tasks)
    module, data = _assemble(config, base, tasks, subspace)
    facts = subspace_facts(config, base, chosen, tasks)
    checkpoint = go_on(config, trainer, [facts])
    sizes = {name: subspace[name].delta.size for name in subspace.methods}
    describe(trainer.loggers, config, base.backbone, {f"parameters/{name}": size for name, size in sizes.items()})
    seed_everything(config.seed, verbose=False)
    _fit_and_test(trainer, module, data, checkpoint)
    entries = [
        solved_entry(one.task, scores, scores_of(one.solutions))
        for one, scores in zip(tasks, module.tested, strict=True)
    ]
    found = {
        "best_step": module.best_step,
        "history": module.history,
        "landscape": landscape_of(config, module, data, trainer),
    }
    record = approximation_record(
        plain(config), base.backbone, sizes, subspace.dim, entries, found, time.perf_counter() - started
    )
    told = {"kind": chosen.kind, "seed": config.seed}
    lead(lambda: _leave(folder, trainer, module, record, told))
    return record, facts if of_one_length(trainer) else None


def _tell(trainer: Trainer, folder: Path, record: dict[str, Any], figures: dict[str, Figure]) -> None:
    """The result to every logger."""
    log_pictures(trainer.loggers, figures, trainer.global_step)
    log_tables(trainer.loggers, record, trainer.global_step)
    log_artifacts(trainer.loggers, [("subspace", folder / "subspace")], {"score": record["score"]})


def _refuse(config: DictConfig, maker: Maker) -> None:
    """Raise `UserError` for a subspace that is not trained, or has no landscape where one is asked for."""
    if not maker.trained:
        raise UserError("subspace: this one is not trained; use it with stage=optimize, or give subspace=d4")
    if config.stage.mixture != config.subspace.mixture:
        raise UserError(f"stage.mixture={config.stage.mixture}: give subspace.mixture, which is part of the subspace")
    if config.recipe.landscape is not None:
        whole(config.recipe.landscape, "recipe.landscape", least=1)
        if not maker.needs_solutions:
            raise UserError(f"recipe.landscape={config.recipe.landscape}: without solutions there are no codes to mix")
        if config.subspace.mixture == UNSHARED:
            raise UserError(f"recipe.landscape={config.recipe.landscape}: methods that share no code mix none")


def _say_what_is_drawn(config: DictConfig, tasks: Sequence[Seen], methods: int) -> None:
    """Warn of what a landscape leaves out."""
    asked = config.recipe.landscape
    if asked is not None and len(tasks) > 1:
        log.warning("recipe.landscape=%s: of %d tasks that of %s alone", asked, len(tasks), tasks[0].task.name)
    if asked is not None and methods > 3:
        told = "no picture, for it is drawn for two or three methods; the scores stand in record.json"
        log.warning("recipe.landscape=%s: %d methods: %s", asked, methods, told)


def _assemble(
    config: DictConfig, base: Ground, tasks: list[Seen], subspace: Subspace
) -> tuple[SubspaceApproximation, SeveralTasks]:
    alone = config.subspace.mixture == UNSHARED or not subspace.encodes
    passes = len(subspace.methods) * (1 if alone else len(subspace.methods) + 1)  # every method at its fixed points
    data = SeveralTasks([loader(config, base, one.task, [config.seed], passes) for one in tasks])
    solved = [
        Solved(one.task, answerer(each), steps(one.solutions)) for one, each in zip(tasks, data.tasks, strict=True)
    ]
    stage = build(config, "stage", late=LEARNS)
    module: SubspaceApproximation = stage(
        stack=base.stack,
        subspace=subspace,
        solved=solved,
        optimizer=make_optimizer(config, own_rates=False),
        seed=config.seed,
    )
    return module, data


def _fit_and_test(trainer: Trainer, module: SubspaceApproximation, data: SeveralTasks, resume: str | None) -> None:
    if trainer.max_steps != 0:
        module.train()
        trainer.fit(module, datamodule=data, ckpt_path=resume)
    if not module.history or module.history[-1]["step"] != trainer.global_step:
        trainer.validate(module, datamodule=data, verbose=False)
    trainer.test(module, datamodule=data, verbose=False)


@torch.no_grad()
def _leave(
    folder: Path, trainer: Trainer, module: SubspaceApproximation, record: dict[str, Any], told: dict[str, Any]
) -> None:
    figures = pictures(record)
    starts = {one.task.name: module.codes.start(module.subspace, t) for t, one in enumerate(module.solved)}
    codes = {name: z.cpu() for name, z in starts.items() if z is not None}
    facts = {"tasks": [task["name"] for task in record["tasks"]], "score": record["score"], **told}
    save(module.subspace.cpu(), folder / "subspace", facts, codes)
    write_json(folder / "record.json", record)
    save_all(figures, folder / "pictures")
    _tell(trainer, folder, record, figures)
