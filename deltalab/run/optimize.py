"""stage=optimize: codes trained on a task as one method, then decoded as every method of the subspace."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lightning import Trainer, seed_everything
from omegaconf import DictConfig

from deltalab.atomic import write_json
from deltalab.delta.solution import vector_hash
from deltalab.packed.job import Job
from deltalab.report.artifact import use_artifacts
from deltalab.report.logger import log_pictures
from deltalab.report.picture.draw import pictures
from deltalab.report.picture.folder import save_all
from deltalab.report.relative_table import print_relative
from deltalab.report.subspace_record import optimization_record
from deltalab.report.tables import log_tables
from deltalab.run.build import build, plain, yes
from deltalab.run.decoded import leave_decoded
from deltalab.run.facts import circumstances, task_facts
from deltalab.run.ground import Ground, ground
from deltalab.run.loggers import describe, wandb_closed
from deltalab.run.members import members, reference, scores_of, solutions
from deltalab.run.moves import MOVES, moves, refuse_before_moving, sources
from deltalab.run.ranks import gather, others_leave
from deltalab.run.resume import go_on
from deltalab.run.setup import begin, make_optimizer, make_trainer
from deltalab.run.solve import answerer, card_facts, fit_and_test, loader
from deltalab.run.starts import refuse_other_theta0
from deltalab.run.subspaces import Found, subspace_of
from deltalab.run.tune import one
from deltalab.run.unused import refuse_for_moving
from deltalab.subspace.optimize import SubspaceOptimization
from deltalab.task.datamodule import TextDataModule
from deltalab.task.task import Task

__all__ = ["encode", "optimize"]

_UNUSED = ("theta0_seed", "store.keep")
_OF_STEPS = (
    "resume",
    "optimizer",
    "pack.lr",
    "pack.seed",
    "data.batch_size",
    "recipe.max_steps",
    "recipe.val_check_interval",
    "recipe.batch_size",
    "recipe.lr",
    "stage.patience",
    "stage.schedule",
    "trainer.max_steps",
    "trainer.max_epochs",
    "trainer.val_check_interval",
    "trainer.check_val_every_n_epoch",
    "trainer.accumulate_grad_batches",
    "trainer.gradient_clip_val",
    "trainer.gradient_clip_algorithm",
    "trainer.limit_train_batches",
)


def optimize(config: DictConfig) -> float:
    """Run what the config describes; returns the record's score."""
    begin(config, unused=(*_UNUSED, "solution"))
    return _moved(config)


def encode(config: DictConfig) -> float:
    """The same without a step, of the task's own solutions or of the one that `solution` names."""
    begin(config, unused=(*_UNUSED, *_OF_STEPS))
    config.trainer.max_steps = 0  # some trainers have a number of their own
    return _moved(config)


def _moved(config: DictConfig) -> float:
    started = time.perf_counter()
    task, base = one(build(config, "task")), ground(config)
    trainer, chosen = make_trainer(config), members(config, base)
    refuse_for_moving(config, chosen.maker)
    full_too = yes(config.recipe.full, "recipe.full")
    sources(config, list(chosen.deltas))  # refuses wrong ones before anything is learnt
    refuse_before_moving(config, chosen)
    gather(config, trainer)
    found = subspace_of(config, base, chosen, task)
    refuse_other_theta0(config, found)
    solved = solutions(config, base, task, config.task)
    full = reference(config, base, task) if full_too else None
    module, data = _assemble(config, base, task, moves(config, found, solved), found)
    checkpoint = go_on(config, trainer, _facts(config, base, module, found))
    with wandb_closed():
        describe(trainer.loggers, config, base.backbone, {"dim": found.subspace.dim})
        use_artifacts(trainer.loggers, [("subspace", Path(found.origin))])
        seed_everything(config.seed, verbose=False)
        fit_and_test(trainer, module, data, checkpoint)
        others_leave()
        entries = [_entry(module, i) for i in range(len(module.jobs))]
        seconds = time.perf_counter() - started
        record = optimization_record(
            plain(config), base.backbone, task, found.subspace.dim, (scores_of(solved), full), entries, seconds
        )
        record |= {"kind": found.kind, "origin": found.origin}
        _leave(config, module, record, trainer, found.seed)
    print_relative(record)
    print(f"record: {Path(config.output_dir) / 'record.json'}")  # noqa: T201
    return float(record["score"])


def _leave(
    config: DictConfig, module: SubspaceOptimization, record: dict[str, Any], trainer: Trainer, seed: int
) -> None:
    """Write solutions, record and pictures, and tell the loggers; `seed` is that of the subspace's theta0."""
    folder, drawn = Path(config.output_dir), pictures(record)
    leave_decoded(folder, module, seed, card_facts(config, module.task))
    write_json(folder / "record.json", record)
    save_all(drawn, folder / "pictures")
    log_pictures(trainer.loggers, drawn, trainer.global_step)
    log_tables(trainer.loggers, record, trainer.global_step)


def _assemble(
    config: DictConfig, base: Ground, task: Task, wanted: Sequence[Job], found: Found
) -> tuple[SubspaceOptimization, TextDataModule]:
    # Evaluation holds every job, or at the end every method of one.
    data = loader(config, base, task, [job.seed for job in wanted], max(len(wanted), len(found.subspace.methods)))
    stage = build(config, "stage", late=MOVES)
    module: SubspaceOptimization = stage(
        stack=base.stack,
        subspace=found.subspace,
        jobs=wanted,
        task=task,
        answerer=answerer(data),
        optimizer=make_optimizer(config),
    )
    return module, data


def _facts(config: DictConfig, base: Ground, module: SubspaceOptimization, found: Found) -> list[dict[str, Any]]:
    """What determines the code of each job."""
    subspace = [vector_hash(tensor) for tensor in found.subspace.state_dict().values()]
    around = {**circumstances(config, base), "task": task_facts(module.task), "subspace": subspace}
    around["start"] = config.recipe.start
    return [
        {"what": f"{job.name} on {module.task.name}", "layout": job.delta.layout.fingerprint, **around}
        for job in module.jobs
    ]


def _entry(module: SubspaceOptimization, i: int) -> dict[str, Any]:
    job, progress = module.jobs[i], module.progress[i]
    return {
        "name": job.name,
        "source": job.delta.name,
        "seed": job.seed,
        "lr": job.lr,
        "best_step": progress.best_step,
        "ended": progress.ended or "finished",
        "dev": None if progress.dev is None else progress.dev.value,
        "test": {target: score.value for target, score in module.scores[i].items()},
        "code": module.best[i].detach().cpu().tolist(),
    }
