"""A split of tasks where one is expected: one of its tasks, or a sweep over them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf, open_dict

from deltalab.errors import unknown
from deltalab.run.each import each
from deltalab.run.options import composing
from deltalab.run.overrides import below, key_of, quoted_list

__all__ = ["member_node", "narrow", "spread"]

_LOOKING = {"--help", "-h", "--hydra-help", "--cfg", "-c", "--info", "-i", "--shell-completion", "-sc"}
_SEVERAL = "approximate"
"""The stage that takes a split as it is."""
_MOVING = ("optimize", "encode")
"""The stages that go to the unseen tasks of a split, in a subspace of the seen ones."""


def spread(words: Sequence[str], config_dir: Path, program: str) -> list[str]:
    """A command line with `task=split/NAME` for a stage of one task, as a multirun over the tasks of the split.

    Every task is a job, for stages that move in a subspace every unseen one; the subspace is that of the split where
    the command line names no other. Any other command line is returned as it is, as is one that Hydra will refuse.
    What is said of the split and can only be meant of its tasks is said of each.
    """
    words = _to_each(words, config_dir, program)
    chosen = [word for word in words if key_of(word) == "task"]
    only = any(key_of(word) == "task.only" for word in words)
    if only or _LOOKING & set(words) or not (chosen and chosen[-1].startswith("task=split/")):
        return words
    config = _composed(words, config_dir, program)
    stage = None if config is None else OmegaConf.select(config, "hydra.runtime.choices.stage")
    if config is None or "seen" not in config.task or stage == _SEVERAL:
        return words
    names = [*config.task.unseen] if stage in _MOVING else [*config.task.seen, *config.task.unseen]
    more = [f"+task.only={','.join(names)}"]
    if stage in _MOVING and config.subspace.source_task is None and config.subspace.path is None:
        of_task = quoted_list(word for word in words if below(word, ("task",)))
        more.append(f"subspace.source_task={of_task}")
    return [*({"-m", "--multirun"}.isdisjoint(words) * ["-m"]), *words, *more]


def _to_each(words: Sequence[str], config_dir: Path, program: str) -> list[str]:
    try:
        with composing(words, config_dir, program) as compose:
            return each(words, compose)
    except HydraException:
        return list(words)


def _composed(words: Sequence[str], config_dir: Path, program: str) -> DictConfig | None:
    """The config as far as it does not differ between the jobs of a multirun; None where Hydra refuses it."""
    given = [word for word in words if not word.startswith("-") and "=" in word]
    try:
        read = OverridesParser.create().parse_overrides(given)
        single = [one.input_line for one in read if not one.is_sweep_override()]
        with composing(words, config_dir, program) as compose:
            return compose([word for word in single if word])
    except HydraException:
        return None


def narrow(config: DictConfig) -> None:
    """Put the task that `task.only` names in the place of its split; `UserError` for one that is not in it."""
    if "seen" not in config.task or config.task.get("only") is None:
        return
    with open_dict(config):
        config.task = member_node(config.task, config.task.only)


def member_node(split: DictConfig, name: str) -> DictConfig:
    """The config of a task of a split: its own node, or where the split lists folders the folder of that name."""
    if name not in (names := [*split.seen, *split.unseen]):
        raise unknown("task", name, names, f"task={split.name}")
    if OmegaConf.is_dict(split.seen):
        return split.seen[name] if name in split.seen else split.unseen[name]
    own = ("_target_", "name", "root", "seen", "unseen", "only")
    shared = {key: split[key] for key in split if key not in own}
    return OmegaConf.create({"_target_": "deltalab.task.folder.read", "path": f"{split.root}/{name}", **shared})
