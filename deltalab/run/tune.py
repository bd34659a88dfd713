"""stage=tune: fit, test once, leave solutions and records."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import wandb
from lightning import Trainer, seed_everything
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import ProgressBar
from lightning.pytorch.loggers import Logger
from omegaconf import DictConfig, OmegaConf

from deltalab.backbone.backbone import Backbone
from deltalab.delta.solution import Solution
from deltalab.delta.stack import Stack
from deltalab.errors import UserError, unknown
from deltalab.report.logger import log_results
from deltalab.report.record import job_entry, tuning_record, write_json
from deltalab.report.table import print_parameters, print_results
from deltalab.run.build import build, plain
from deltalab.run.pack import jobs, methods, seed_of
from deltalab.run.quiet import quiet
from deltalab.step import Answerer
from deltalab.task.datamodule import TextDataModule
from deltalab.task.split import Split
from deltalab.task.task import Task
from deltalab.tuning.delta_tuning import DeltaTuning

__all__ = ["tune"]

log = logging.getLogger(__name__)

_ABOVE_ZERO = (
    "accumulate_grad_batches",
    "val_check_interval",
    "limit_train_batches",
    "limit_val_batches",
    "limit_test_batches",
)


def tune(config: DictConfig) -> float:
    """Run what the config describes; returns the record's score."""
    started = time.perf_counter()
    quiet()
    _refuse_strangers(config)
    _refuse_float16(config)
    seed_everything(seed_of(config.seed, "seed"), verbose=False)
    chosen = methods(config)
    trainer, task = _trainer(config), _one(build(config, "task"))
    backbone: Backbone = build(config, "backbone")
    module, data = _assemble(config, backbone, task, chosen)
    print_parameters(backbone, {id(job.delta): job.delta for job in module.jobs}.values())
    finished = False
    try:
        _describe(trainer.loggers, config, module)
        fit_and_test(trainer, module, data)
        record = _leave(config, module, time.perf_counter() - started)
        log_results(trainer.loggers, record, trainer.global_step)
        finished = True
    finally:
        if wandb.run is not None:
            wandb.finish(exit_code=0 if finished else 1)
    print_results(record)
    print(f"record: {Path(config.output_dir) / 'record.json'}")  # noqa: T201
    return float(record["score"])


def fit_and_test(trainer: Trainer, module: DeltaTuning, data: TextDataModule) -> None:
    """Train, judge the last thetas on dev where training ended between validations, test the best ones once."""
    if module.running and trainer.max_steps != 0:
        module.train()  # dropout as the backbone's config has it
        trainer.fit(module, datamodule=data)
    if module.unvalidated(trainer.global_step):
        trainer.validate(module, datamodule=data, verbose=False)
    trainer.test(module, datamodule=data, verbose=False)


def _assemble(
    config: DictConfig, backbone: Backbone, task: Task, chosen: Mapping[str, Any]
) -> tuple[DeltaTuning, TextDataModule]:
    stack: Stack = build(config, "stack", late=("backbone",))(backbone)
    wanted = jobs(config, backbone, chosen)
    loader = build(config, "data", late=("task", "tokenizer", "seeds"))
    data: TextDataModule = loader(task=task, tokenizer=backbone.tokenizer, seeds=[job.seed for job in wanted])
    data.eval_batch_size = max(1, data.eval_batch_size // len(wanted))  # every row is repeated for every job
    answerer = Answerer(data.decode, task.labels, data.label_ids, data.encoder.max_output_length)
    stage = build(config, "stage", late=("stack", "jobs", "task", "answerer", "optimizer"))
    return stage(stack=stack, jobs=wanted, task=task, answerer=answerer, optimizer=_optimizer(config)), data


def _optimizer(config: DictConfig) -> Any:  # noqa: ANN401
    """The optimiser, still without parameters and learning rate: every job brings its own."""
    node = OmegaConf.masked_copy(config, "optimizer")
    node.optimizer.pop("lr", None)
    made = build(node, "optimizer", late=("params",))
    try:
        made([{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 1.0, "shapes": [(1,)]}])
    except (TypeError, ValueError) as error:
        raise UserError(f"optimizer: {error}") from error
    return made


def _trainer(config: DictConfig) -> Trainer:
    loggers, callbacks = (
        [build(config, f"{group}.{name}") for name, node in (config.get(group) or {}).items() if node is not None]
        for group in ("logger", "callbacks")
    )
    make = build(config, "trainer", late=("logger", "callbacks", "enable_progress_bar"))
    shown = any(isinstance(callback, ProgressBar) for callback in callbacks)
    _refuse_trainer(config)
    try:
        return make(logger=loggers or False, callbacks=callbacks, enable_progress_bar=shown)
    except (MisconfigurationException, TypeError, ValueError) as error:
        raise UserError(f"trainer: {error}") from error


def _refuse_trainer(config: DictConfig) -> None:
    """What Lightning takes and then fails on, or turns into something else."""
    given = config.trainer
    for key in _ABOVE_ZERO:
        if isinstance(given.get(key), int | float) and given[key] <= 0:
            raise UserError(f"trainer.{key}={given[key]}: must be above 0")
    if (given.get("gradient_clip_val") or 0) < 0:
        raise UserError(
            f"trainer.gradient_clip_val={given.gradient_clip_val}: must be above 0, or null for no clipping"
        )
    if given.get("max_steps") == given.get("max_epochs") == -1:
        raise UserError("trainer.max_steps=-1: needs an end; give trainer.max_steps or trainer.max_epochs")


def _refuse_strangers(config: DictConfig) -> None:
    """Keys that `+key=value` added where nothing would read them."""
    known = ("name", "output_dir", "seed", "solution", "pack", "stack", "data", "backbone", "task", "delta", "stage")
    for key in config:
        if key not in (*known, "optimizer", "trainer", "logger", "callbacks"):
            raise unknown("key", key, (*known, "optimizer", "trainer", "logger", "callbacks"), "train")


def _one(task: Task | Split) -> Task:
    if isinstance(task, Split):
        names = ", ".join([*task.seen, *task.unseen])
        raise UserError(f"task={task.name}: a split of several tasks, and stage=tune takes one; allowed: {names}")
    return task


def _refuse_float16(config: DictConfig) -> None:
    precision, forced = (OmegaConf.select(config, key) for key in ("trainer.precision", "backbone.force_fp16"))
    if str(precision).startswith("16") and not forced and build(config, "backbone.family").name == "t5":
        raise UserError(
            f"trainer.precision={precision}: T5 overflows in float16; use bf16-mixed or 32-true, "
            "or set backbone.force_fp16=true"
        )


def _describe(loggers: Sequence[Logger], config: DictConfig, module: DeltaTuning) -> None:
    settings = plain(config)
    counts = {f"parameters/{job.name}": job.delta.size for job in module.jobs}
    for logger in loggers:
        logger.log_hyperparams({"config": settings, "backbone_parameters": module.stack.backbone.num_parameters})
        logger.log_metrics({**counts}, 0)


def _leave(config: DictConfig, module: DeltaTuning, seconds: float) -> dict[str, Any]:
    """Write solutions and records, in a folder for each job where there are several; returns the run's record."""
    folder, backbone, task = Path(config.output_dir), module.stack.backbone, module.task
    settings = plain(config)
    entries = []
    for job, progress, best in zip(module.jobs, module.progress, module.best, strict=True):
        entry = job_entry(job, progress, backbone)
        place = folder if len(module.jobs) == 1 else folder / "jobs" / job.name
        facts = {"task": {"name": task.name, "fingerprint": task.fingerprint, "metric": task.metric.name}, "job": entry}
        Solution.of(job.delta, best, job.seed, facts).save(place / "solution", job.delta)
        if len(module.jobs) > 1:
            write_json(place / "record.json", tuning_record(settings, task, backbone, [entry], seconds))
        entries.append(entry)
    record = tuning_record(settings, task, backbone, entries, seconds)
    write_json(folder / "record.json", record)
    return record
