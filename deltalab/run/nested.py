"""The config of a run that another one rests on: what `python train.py` would be asked for to make it alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException, MissingConfigException
from omegaconf import DictConfig, OmegaConf, open_dict

from deltalab.errors import UserError
from deltalab.run.build import listed
from deltalab.run.composed import composed
from deltalab.run.each import each
from deltalab.run.keys import no_such_key, refused_key
from deltalab.run.overrides import below, key_of

__all__ = ["nested", "task_node"]

# What the inner run has in common with the outer one.
_SHARED = (
    "allow",
    "backbone",
    "stack",
    "store",
    "needs",
    "data.template",
    "data.max_input_length",
    "data.max_output_length",
    "data.eval_batch_size",
    "data.workers",
    "trainer.accelerator",
    "trainer.devices",
    "trainer.precision",
)
_WHERE_GIVEN = ("trainer.num_nodes", "trainer.strategy")
_FIXED = (
    "run",
    "name",
    "output_dir",
    "seed",
    "theta0_seed",
    "solution",
    "resume",
    "pack",
    "task",
    "delta",
    "subspace",
    "logger",
    "callbacks",
    "experiment",
    "sweep",
    *_SHARED,
    *_WHERE_GIVEN,
)


def nested(config: DictConfig, stage: str, task: DictConfig, seed: int, **given: Any) -> DictConfig:  # noqa: ANN401
    """The config of `stage=STAGE` on a task, with the usual numbers of that stage and the overrides in `needs.STAGE`.

    `given` are further nodes by their top-level key. Raises `UserError` for overrides of what the outer run fixes.
    """
    wanted = listed(config.needs[stage]) or []
    for word in wanted:
        if not isinstance(word, str) or _fixed(word):
            allowed = f"an override such as 'trainer.max_steps=300', of none of stage, {', '.join(_FIXED)}"
            raise UserError(f"needs.{stage}={word}: {allowed}")
    chosen = HydraConfig.get().runtime.choices["trainer"]
    try:
        inner = composed("train", [f"stage={stage}", f"trainer={chosen}", "logger=none", *wanted])
    except HydraException as error:
        raise UserError(f"needs.{stage}={wanted}: {str(error).splitlines()[0]}") from error
    with open_dict(inner):
        for key in (*_SHARED, *(key for key in _WHERE_GIVEN if OmegaConf.select(config, key) is not None)):
            OmegaConf.update(inner, key, OmegaConf.select(config, key), force_add=True)
        inner.callbacks = {name: config.callbacks.get(name) for name in ("checkpoint", "progress")}
        inner.task, inner.seed = task, seed
        for key, node in given.items():
            inner[key] = node
    return inner


def _fixed(word: str) -> bool:
    """Whether an override is of what the outer run fixes, or shares: `stage` is, the keys inside it are not."""
    return key_of(word) == "stage" or below(word, _FIXED)


def task_node(source: Any, key: str) -> DictConfig:  # noqa: ANN401
    """The task config that `source` names: an option such as `topic`, or a list of overrides of the task."""
    words = [f"task={source}"] if isinstance(source, str) else listed(source)
    if not words or not all(isinstance(word, str) and word.startswith(("task=", "task.")) for word in words):
        raise UserError(f"{key}={source}: the name of a task or split, or a list such as ['task=tsv','task.path=DIR']")
    try:
        node = composed("train", each(words, lambda wanted: composed("train", wanted))).task
    except MissingConfigException:
        raise  # the door knows what there is
    except HydraException as error:
        raise UserError(f"{key}={words}: {_reason(error, words)}") from error
    assert isinstance(node, DictConfig)
    return node


def _reason(error: HydraException, words: Sequence[str]) -> str:
    refused = refused_key(error)
    if refused is None:
        return str(error).splitlines()[0]
    return no_such_key(refused, composed("train", [word for word in words if word.startswith("task=")]), "task")
