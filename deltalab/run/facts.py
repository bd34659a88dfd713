"""What determines what a run finds: the same facts, the same solution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from omegaconf import DictConfig

from deltalab.delta.method import Method
from deltalab.packed.job import Job
from deltalab.run.build import plain
from deltalab.run.ground import Ground
from deltalab.run.own import code, codes
from deltalab.task.task import Task

__all__ = ["circumstances", "facts_by_job", "method_facts", "settled", "solution_facts", "task_facts"]

# Settings that do not change what a run finds.
_MOOT = {
    "trainer": (
        "_target_",
        "accelerator",
        "devices",
        "default_root_dir",
        "enable_checkpointing",
        "enable_model_summary",
        "enable_progress_bar",
        "log_every_n_steps",
        "num_sanity_val_steps",
        "num_nodes",
        "strategy",
        "use_distributed_sampler",
    ),
    "data": ("_target_", "eval_batch_size", "workers"),
    "optimizer": ("lr",),
    "stage": (),
}


_PLAIN_CALLBACKS = ("deltalab.", "lightning.pytorch.callbacks.ModelCheckpoint")
"""Beginnings of callbacks that only watch."""


def circumstances(config: DictConfig, ground: Ground) -> dict[str, Any]:
    """The backbone and the settings of training, as far as they determine what is found."""
    return {"backbone": ground.facts, **settled(config, *_MOOT)}


def settled(config: DictConfig, *groups: str) -> dict[str, dict[str, Any]]:
    """Of groups of settings, and of callbacks, those that determine what is found; with the user's own code in them."""
    settings = plain(config)
    kept = {group: {k: v for k, v in settings[group].items() if k not in _MOOT[group]} for group in groups}
    nodes = {name: node for name, node in (settings["callbacks"] or {}).items() if node is not None}
    added = {k: node for k, node in nodes.items() if not str(node.get("_target_")).startswith(_PLAIN_CALLBACKS)}
    more = {"callbacks": added, "code": codes([*(settings[group] for group in groups), added])}
    return kept | {key: value for key, value in more.items() if value}


def task_facts(task: Task) -> dict[str, str]:
    """What of a task determines a result: its rows, its name (a template may show it), how it is judged."""
    return {
        "name": task.name,
        "rows": task.fingerprint,
        "metric": task.metric.name,
        "evaluation": task.evaluation,
        **code(task.metric),
    }


def method_facts(method: Method) -> dict[str, Any]:
    """What determines a method; its usual learning rate is none of it."""
    settings = {key: value for key, value in vars(method).items() if key != "lr"}
    return {"kind": type(method).__name__, **code(method), **settings}


def facts_by_job(
    config: DictConfig, ground: Ground, task: Task, chosen: Mapping[str, Method], wanted: Sequence[Job]
) -> dict[str, dict[str, Any]]:
    """What determines the solution of each job, by its name; `chosen` are the methods of the config."""
    around = circumstances(config, ground)
    # A single method goes by the name of the run, its delta by that of the option.
    single = next(iter(chosen.values())) if config.pack.delta is None else None
    return {job.name: solution_facts(around, task, single or chosen[job.delta.name], job) for job in wanted}


def solution_facts(around: Mapping[str, Any], task: Task, method: Method, job: Job) -> dict[str, Any]:
    """What determines the solution of a job."""
    return {
        "what": f"{job.delta.name} on {task.name}, seed {job.seed}",
        **around,
        "task": task_facts(task),
        "method": method_facts(method),
        "layout": job.delta.layout.fingerprint,
        "seed": job.seed,
        "theta0_seed": job.origin,
        "lr": job.lr,
    }
