"""The delta methods of a subspace and the solved tasks it is made from, as the config lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import final

import torch
from omegaconf import DictConfig, open_dict

from deltalab.delta.method import Delta, Method
from deltalab.delta.solution import Solution
from deltalab.errors import UserError, one_of, unknown
from deltalab.run.build import build, listed, plain, whole
from deltalab.run.given import given_solutions
from deltalab.run.ground import Ground
from deltalab.run.nested import nested
from deltalab.run.pack import methods, seed_of
from deltalab.run.solutions import solved
from deltalab.run.splits import member_node
from deltalab.run.tune import one
from deltalab.subspace.maker import Maker
from deltalab.subspace.mixing import MIXINGS, UNSHARED
from deltalab.subspace.solved import steps
from deltalab.subspace.subspace import Subspace
from deltalab.task.split import Split
from deltalab.task.task import Task

__all__ = [
    "Members",
    "Seen",
    "make_subspace",
    "members",
    "reference",
    "scores_of",
    "seen",
    "solutions",
]

_KEYS = ("methods", "solutions", "source_task", "leave_out", "given", "path", "weight", "mixture")
"""Keys of `subspace` beside the maker's own."""


@final
@dataclass(frozen=True)
class Members:
    """What makes a subspace, and its methods by name, with and without a backbone."""

    maker: Maker
    methods: Mapping[str, Method]
    deltas: Mapping[str, Delta]
    mixture: str

    @property
    def kind(self) -> str:
        """What pictures and tables call subspaces made like this one."""
        return UNSHARED if self.mixture == UNSHARED else type(self.maker).__name__.lower()


@final
@dataclass(frozen=True)
class Seen:
    """A task that a subspace is made from, with its solutions by method."""

    task: Task
    solutions: Mapping[str, Sequence[Solution]]


def members(config: DictConfig, base: Ground) -> Members:
    """The members that a config names.

    Raises `UserError` where no option of `subspace` is chosen, and for less than two methods, or one that is empty.
    """
    maker, chosen = _maker(config), _methods(config)
    deltas = {name: method.bind(base.backbone, name) for name, method in chosen.items()}
    for name in maker.ups or {}:
        one_of("method", name, deltas, "subspace.ups")
    for name, delta in deltas.items():
        if not delta.size:
            raise UserError(f"subspace.methods: '{name}' tunes nothing, so no code can stand for it")
    return Members(maker, chosen, deltas, config.subspace.mixture)


def _maker(config: DictConfig) -> Maker:
    if "_target_" not in config.subspace:
        raise UserError("subspace: this stage needs one; give subspace=d4, or another option")
    made = build(config, "subspace", but=_KEYS)
    assert isinstance(made, Maker)
    _refuse_mixture(config, made)
    return made


def _methods(config: DictConfig) -> dict[str, Method]:
    try:
        chosen = methods(_tuning(config, config.task, [0]))
    except UserError as error:  # inside, they are those of a pack
        raise UserError(str(error).replace("pack.delta", "subspace.methods")) from error
    if len(chosen) < 2:
        raise UserError(f"subspace.methods={listed(config.subspace.methods)}: a shared subspace needs at least two")
    return chosen


def seen(config: DictConfig, base: Ground, needed: bool) -> list[Seen]:
    """The task of the config, or the seen tasks of its split, solved by every method where that is needed."""
    given: Task | Split = build(config, "task")
    without = listed(config.subspace.leave_out) or []
    for name in without:
        if isinstance(given, Task) or name not in given.seen:
            raise unknown("task", name, [] if isinstance(given, Task) else given.seen, "subspace.leave_out")
    if config.subspace.given is not None:
        folders, task = plain(config)["subspace"]["given"], one(given)
        return [Seen(task, given_solutions(folders, _methods(config), base.backbone, config.seed, task))]
    if isinstance(given, Task):
        return [Seen(given, solutions(config, base, given, config.task) if needed else {})]
    kept = {name: task for name, task in given.seen.items() if name not in without}
    if not kept:
        raise UserError(f"subspace.leave_out={without}: leaves no task of {given.name}")
    if not needed:
        return [Seen(task, {}) for task in kept.values()]
    return [Seen(task, solutions(config, base, task, member_node(config.task, name))) for name, task in kept.items()]


def solutions(config: DictConfig, base: Ground, task: Task, node: DictConfig) -> dict[str, list[Solution]]:
    """The solutions of a task by every method, `subspace.solutions` of each, all from one theta0: found or tuned."""
    return solved(_tuning(config, node, _seeds(config)), base, task)


def reference(config: DictConfig, base: Ground, task: Task) -> float:
    """The mean test score of full fine-tuning, with as many seeds as the methods have."""
    inner = _tuning(config, config.task, _seeds(config))
    inner.pack.delta = ["full"]
    return scores_of(solved(inner, base, task))["full"]


def scores_of(found: Mapping[str, Sequence[Solution]]) -> dict[str, float]:
    """E_orig of every method: the mean test score of its solutions."""
    return {name: fmean(one.card["job"]["test"]["value"] for one in several) for name, several in found.items()}


def make_subspace(chosen: Members, seed: int, tasks: Sequence[Seen]) -> Subspace:
    """The subspace before any training, from all solutions of all tasks, or from none where it needs none."""
    maker, deltas = chosen.maker, chosen.deltas
    theta0 = {name: delta.layout.initial(seed) for name, delta in deltas.items()}
    each = [steps(one.solutions) for one in tasks]
    moved = {name: torch.cat([v[name] for v in each]) for name in deltas} if maker.needs_solutions else None
    return maker.make(deltas, theta0, moved, seed)


def _refuse_mixture(config: DictConfig, maker: Maker) -> None:
    """Raise `UserError` for a mixture that is none, or for "unshared" where codes are not those of solutions."""
    given = config.subspace.mixture
    one_of("mixture", given, (*MIXINGS, UNSHARED), "subspace.mixture")
    if given == UNSHARED and not (maker.trained and maker.needs_solutions):
        raise UserError(f"subspace.mixture={given}: only projectors trained on solutions can do without a shared code")


def _seeds(config: DictConfig) -> Sequence[int]:
    """One for each solution of a method."""
    count, first = whole(config.subspace.solutions, "subspace.solutions", least=1), seed_of(config.seed, "seed")
    return range(first, first + count)


def _tuning(config: DictConfig, node: DictConfig, seeds: Sequence[int]) -> DictConfig:
    """The config that tunes every method of the subspace on a task, once for each seed."""
    inner = nested(config, "tune", node, config.seed)
    with open_dict(inner):
        inner.pack.delta, inner.pack.seed = listed(config.subspace.methods), list(seeds)
        inner.theta0_seed = config.seed
    return inner
