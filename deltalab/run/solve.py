"""Tuning itself: jobs on a task to a fitted and tested module, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lightning import Trainer
from omegaconf import DictConfig

from deltalab.atomic import write_json
from deltalab.delta.solution import Solution
from deltalab.errors import UserError
from deltalab.packed.job import Job
from deltalab.packed.packed import Packed
from deltalab.report.record import job_entry, tuning_record
from deltalab.run.build import build, plain
from deltalab.run.ground import Ground
from deltalab.run.precision import scaled
from deltalab.run.setup import make_optimizer
from deltalab.step import Answerer
from deltalab.task.datamodule import TextDataModule
from deltalab.task.task import Task
from deltalab.tuning.delta_tuning import DeltaTuning

__all__ = ["answerer", "assemble", "card_facts", "fit_and_test", "job_folder", "leave", "loader"]


def assemble(
    config: DictConfig, ground: Ground, task: Task, wanted: Sequence[Job]
) -> tuple[DeltaTuning, TextDataModule]:
    """The module that tunes these jobs, and its batches; `UserError` for several that would share one scale."""
    if len(wanted) > 1 and scaled(config):
        raise UserError(
            f"trainer.precision=16-mixed: where a gradient of one of {len(wanted)} jobs overflows, none would take its "
            "step; use bf16-mixed or 32-true, or a run for each"
        )
    data = loader(config, ground, task, [job.seed for job in wanted], len(wanted))
    stage = build(config, "stage", late=("stack", "jobs", "task", "answerer", "optimizer"))
    module: DeltaTuning = stage(
        stack=ground.stack, jobs=wanted, task=task, answerer=answerer(data), optimizer=make_optimizer(config)
    )
    return module, data


def loader(config: DictConfig, ground: Ground, task: Task, seeds: Sequence[int], times: int) -> TextDataModule:
    """The batches of a task; evaluation repeats every row `times` times and takes as many rows fewer at once."""
    make = build(config, "data", late=("task", "tokenizer", "seeds", "wording"))
    backbone = ground.backbone
    wording = backbone.family.architecture.wording
    data: TextDataModule = make(task=task, tokenizer=backbone.tokenizer, seeds=seeds, wording=wording)
    data.eval_batch_size = max(1, data.eval_batch_size // times)
    return data


def answerer(data: TextDataModule) -> Answerer:
    """What answers the rows of these batches."""
    return Answerer(data.decode, data.task.labels, data.label_ids, data.encoder.longest_answer)


def fit_and_test(trainer: Trainer, module: Packed, data: TextDataModule, resume: str | None = None) -> None:
    """Train, judge the last points on dev where training ended between validations, test the best ones once."""
    if module.running and trainer.max_steps != 0:
        module.train()  # dropout as the backbone's config has it
        trainer.fit(module, datamodule=data, ckpt_path=resume)
    if module.unvalidated(trainer.global_step):
        trainer.validate(module, datamodule=data, verbose=False)
    trainer.test(module, datamodule=data, verbose=False)


def leave(folder: Path, config: DictConfig, module: Packed, seconds: float) -> dict[str, Any]:
    """Write solutions and records, in a folder for each job where there are several; returns the run's record."""
    backbone, task, settings = module.stack.backbone, module.task, plain(config)
    known = card_facts(config, task)
    entries = []
    for job, progress, best in zip(module.jobs, module.progress, module.best, strict=True):
        entry = job_entry(job, progress, backbone)
        place = job_folder(folder, module, job)
        Solution.of(job.delta, best, job.origin, {**known, "job": entry}).save(place / "solution", job.delta)
        if len(module.jobs) > 1:
            write_json(place / "record.json", tuning_record(settings, task, backbone, [entry], seconds))
        entries.append(entry)
    record = tuning_record(settings, task, backbone, entries, seconds)
    write_json(folder / "record.json", record)
    return record


def card_facts(config: DictConfig, task: Task) -> dict[str, Any]:
    """What the card of a solution tells beside its numbers: enough to ask it without the config of the run."""
    settings = plain(config)
    told = {
        "name": task.name,
        "fingerprint": task.fingerprint,
        "metric": task.metric.name,
        "labels": task.labels if task.evaluation == "rank" else None,
    }
    return {"task": told, "config": {group: settings[group] for group in ("backbone", "data")}}


def job_folder(folder: Path, module: Packed, job: Job) -> Path:
    """Where a job's own files are inside a run's folder."""
    return folder if len(module.jobs) == 1 else folder / "jobs" / job.name
