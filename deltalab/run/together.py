"""Jobs of a sweep in one packed run, each leaving what it would have left apart: `sweep.pack=true` starts this."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any, final

import wandb
import yaml
from lightning import Trainer
from lightning.pytorch.loggers import Logger
from omegaconf import DictConfig, OmegaConf, open_dict

from deltalab.atomic import atomic, write_json
from deltalab.delta.method import Delta
from deltalab.delta.solution import Solution
from deltalab.packed.job import DIVERGED, Job
from deltalab.packed.packed import Packed
from deltalab.report.artifact import log_artifacts
from deltalab.report.logger import log_results
from deltalab.report.per_job import PerJob
from deltalab.report.record import job_entry, tuning_record
from deltalab.run.build import build, plain
from deltalab.run.facts import facts_by_job
from deltalab.run.ground import Ground, ground
from deltalab.run.loggers import describe, group, loggers_closed
from deltalab.run.pack import jobs, methods
from deltalab.run.packing import Member, read_members
from deltalab.run.ranks import gather, others_leave
from deltalab.run.resume import go_on
from deltalab.run.setup import begin, make_loggers, make_trainer
from deltalab.run.solutions import put
from deltalab.run.solve import assemble, card_facts, fit_and_test
from deltalab.run.tune import one
from deltalab.task.task import Task

__all__ = ["together"]


@final
@dataclass(frozen=True)
class _Place:
    """A member, its own config and its job, which goes by the member's folder."""

    member: Member
    config: DictConfig
    job: Job
    facts: dict[str, Any]

    @property
    def folder(self) -> Path:
        return Path(str(self.config.output_dir))


def together(config: DictConfig) -> float:
    """Run the jobs in `sweep.members`; returns their mean score. A job that diverges leaves nothing, as it would apart.

    The config is that of any of them: what they may differ in is read from their own.
    """
    started = time.perf_counter()
    begin(config, unused=("subspace", "needs"))
    members = read_members(Path(str(config.sweep.members)))
    task, base = one(build(config, "task")), ground(config)
    places = _places(members, base, task)
    trainer, loggers = _trainer(config, places)
    module, data = assemble(config, base, task, [place.job for place in places])
    gather(config, trainer)
    checkpoint = go_on(config, trainer, [place.facts for place in places])
    with ExitStack() as stack:
        for place in places:
            stack.enter_context(loggers_closed(loggers[place.job.name]))
            counts = {f"parameters/{place.config.name}": place.job.delta.size}
            describe(loggers[place.job.name], place.config, base.backbone, counts, place.member.delta)
        fit_and_test(trainer, module, data, checkpoint)
        others_leave()
        scores = []
        for i, place in enumerate(places):
            if module.progress[i].ended != DIVERGED:
                record = _leave(place, module, i, base, time.perf_counter() - started)
                log_results(loggers[place.job.name], record, trainer.global_step)
                log_artifacts(loggers[place.job.name], [("solution", place.folder / "solution")], record["jobs"][0])
                scores.append(float(record["score"]))
                print(f"record: {place.folder / 'record.json'}")  # noqa: T201
    return fmean(scores)


def _places(members: Sequence[Member], base: Ground, task: Task) -> list[_Place]:
    """Jobs of equal deltas share one object and stand side by side, whole models last: few passes hold them all."""
    deltas: dict[str, Delta] = {}
    found = []
    for member in members:
        config = OmegaConf.create(member.config)
        chosen = methods(config)
        (job,) = jobs(config, base.backbone, chosen, member.delta)
        facts = facts_by_job(config, base, task, chosen, [job])[job.name]
        kind = {key: value for key, value in member.config["delta"].items() if key != "lr"}
        shared = deltas.setdefault(json.dumps([member.delta, kind], sort_keys=True), job.delta)
        found.append(_Place(member, config, replace(job, name=member.folder, delta=shared), facts))
    order = {id(delta): at for at, delta in enumerate(deltas.values())}
    return sorted(found, key=lambda place: (place.job.delta.replaces_weights, order[id(place.job.delta)]))


def _trainer(config: DictConfig, places: Sequence[_Place]) -> tuple[Trainer, Mapping[str, list[Logger]]]:
    """The trainer of the run and the loggers of each job, every one in that job's folder."""
    inner = config.copy()
    with open_dict(inner):
        inner.logger = {}
    trainer = make_trainer(inner)
    wandb.setup(settings=wandb.Settings(reinit="create_new"))  # several runs of W&B at a time
    loggers = {place.job.name: make_loggers(place.config, group(config)) for place in places}
    trainer.loggers = [PerJob(loggers)] if any(loggers.values()) else []
    return trainer, loggers


def _leave(place: _Place, module: Packed, i: int, base: Ground, seconds: float) -> dict[str, Any]:
    """What a run of this job alone leaves; its record comes last."""
    job, task, folder = place.job, module.task, place.folder
    entry = {**job_entry(job, module.progress[i], base.backbone), "name": place.config.name}
    facts = {**card_facts(place.config, task), "job": entry}
    Solution.of(job.delta, module.best[i], job.origin, facts).save(folder / "solution", job.delta)
    kept = folder / ".hydra" / "overrides.yaml"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with atomic(kept) as part:
        part.write_text(yaml.safe_dump(place.member.overrides))
    record = tuning_record(plain(place.config), task, base.backbone, [entry], seconds)
    write_json(folder / "record.json", record)
    if base.store.keep and place.config.solution is None:
        put(base.store, folder, place.facts)
    return record
