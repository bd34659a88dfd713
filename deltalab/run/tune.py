"""stage=tune: fit, test once, leave solutions and records."""

from __future__ import annotations

import time
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from deltalab.errors import UserError
from deltalab.report.artifact import log_artifacts, use_artifacts
from deltalab.report.logger import log_results
from deltalab.report.table import print_parameters, print_results
from deltalab.run.build import build
from deltalab.run.facts import facts_by_job
from deltalab.run.ground import ground
from deltalab.run.loggers import describe, wandb_closed
from deltalab.run.pack import jobs, methods, refuse_delta_beside_pack
from deltalab.run.ranks import gather, others_leave
from deltalab.run.resume import go_on
from deltalab.run.setup import begin, make_trainer
from deltalab.run.solutions import keep
from deltalab.run.solve import assemble, fit_and_test, job_folder, leave
from deltalab.task.split import Split
from deltalab.task.task import Task

__all__ = ["one", "tune"]


def tune(config: DictConfig) -> float:
    """Run what the config describes; returns the record's score."""
    started = time.perf_counter()
    begin(config, unused=("subspace", "needs"))
    refuse_delta_beside_pack(config)
    chosen = methods(config)
    trainer, task = make_trainer(config), one(build(config, "task"))
    base = ground(config)
    module, data = assemble(config, base, task, jobs(config, base.backbone, chosen))
    facts = facts_by_job(config, base, task, chosen, module.jobs)
    gather(config, trainer)
    checkpoint = go_on(config, trainer, facts.values())
    print_parameters(base.backbone, {id(job.delta): job.delta for job in module.jobs}.values())
    folder = Path(config.output_dir)
    with wandb_closed():
        counts = {f"parameters/{job.name}": job.delta.size for job in module.jobs}
        describe(trainer.loggers, config, base.backbone, counts)
        use_artifacts(trainer.loggers, _used(config))
        fit_and_test(trainer, module, data, checkpoint)
        others_leave()
        record = leave(folder, config, module, time.perf_counter() - started)
        log_results(trainer.loggers, record, trainer.global_step)
        left = [("solution", job_folder(folder, module, job) / "solution") for job in module.jobs]
        log_artifacts(trainer.loggers, left, {"task": task.name, "score": record["score"]})
    if config.solution is None:  # another start is none of the settings that a key is made of
        keep(base.store, folder, module, facts, trainer)
    print_results(record)
    print(f"record: {folder / 'record.json'}")  # noqa: T201
    return float(record["score"])


def _used(config: DictConfig) -> list[tuple[str, Path]]:
    """The solution that a run starts from, the structure it tunes."""
    given = {"solution": config.solution, "structure": OmegaConf.select(config, "delta.path")}
    return [(kind, Path(str(path)).expanduser()) for kind, path in given.items() if path is not None]


def one(task: Task | Split) -> Task:
    """The task; raises `UserError` for a split of several."""
    if isinstance(task, Split):
        names = ", ".join([*task.seen, *task.unseen])
        raise UserError(
            f"task={task.name}: several tasks, and this stage takes one; allowed: +task.only=NAME, of {names}"
        )
    return task
