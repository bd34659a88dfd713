"""The subspace that stage=optimize moves in: at a path, in the store, or made now."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from omegaconf import DictConfig, open_dict
from torch import Tensor

from deltalab.errors import UserError
from deltalab.run.approximate import learn
from deltalab.run.early import refuse_before_learning
from deltalab.run.ground import Ground
from deltalab.run.members import Members, Seen, make_subspace, seen
from deltalab.run.nested import nested, task_node
from deltalab.run.origin import KIND, keep_subspace, subspace_facts
from deltalab.run.ranks import all_here, lead
from deltalab.subspace.file import load
from deltalab.subspace.subspace import Subspace
from deltalab.task.leak import warn_of_leaks, warn_of_names
from deltalab.task.task import Task

__all__ = ["Found", "subspace_of"]

log = logging.getLogger(__name__)


@final
@dataclass(frozen=True)
class Found:
    """A subspace, where it comes from, its kind, the seed of its theta0, the code of each task it was learnt on, where
    its methods share one, and the names of all tasks that its card tells."""

    subspace: Subspace
    origin: str
    kind: str
    seed: int
    codes: Mapping[str, Tensor] = field(default_factory=dict)
    tasks: Sequence[str] = ()


def subspace_of(config: DictConfig, base: Ground, chosen: Members, task: Task) -> Found:
    """The subspace that a config of stage=optimize asks for; warns where the task's test rows were learnt from."""
    maker = chosen.maker
    if config.subspace.path is not None:
        return _given(Path(str(config.subspace.path)).expanduser(), chosen, config.seed, task)
    if not maker.needs_solutions and not maker.trained:
        return Found(make_subspace(chosen, config.seed, []), "drawn", chosen.kind, config.seed)
    if config.subspace.source_task is None:
        made = "made from solved tasks" if maker.needs_solutions else "learnt on tasks"
        raise UserError(
            f"subspace.source_task: this subspace is {made}; give subspace.source_task=TASK, "
            "or subspace.path=DIR of one that was"
        )
    source = task_node(config.subspace.source_task, "subspace.source_task")
    inner = nested(config, "approximate", source, config.seed, subspace=config.subspace)
    if maker.trained:
        refuse_before_learning(inner)
    tasks = seen(inner, base, maker.needs_solutions)
    warn_of_leaks(task, [one.task for one in tasks])
    warn_of_names(task.name, [one.task.name for one in tasks])
    if not maker.trained:
        origin = "solutions of " + ", ".join(one.task.name for one in tasks)
        return Found(make_subspace(chosen, inner.seed, tasks), origin, chosen.kind, inner.seed)
    return _learnt(inner, base, chosen, tasks, config.seed)


def _learnt(inner: DictConfig, base: Ground, chosen: Members, tasks: Sequence[Seen], seed: int) -> Found:
    """The trained subspace of solved tasks, from the store, or learnt now for it."""
    facts = subspace_facts(inner, base, chosen, tasks)
    with ExitStack() as lock:
        lead(lambda: lock.enter_context(base.store.lock(KIND, facts)))
        entry = lead(lambda: base.store.find(KIND, facts))
        if entry is None:
            log.info("learning a subspace from %s, for the store", ", ".join(one.task.name for one in tasks))
            with base.store.workplace(KIND, facts) as folder, open_dict(inner):
                inner.output_dir = str(folder)
                learn(inner, base, chosen, folder)
                entry = lead(lambda: keep_subspace(base.store, folder, facts))
        found = _loaded(entry.path, chosen, seed)
        all_here()
        return found


def _given(folder: Path, chosen: Members, seed: int, task: Task) -> Found:
    found = _loaded(folder, chosen, seed)
    warn_of_names(task.name, found.tasks)
    if missing := [name for name in chosen.deltas if name not in found.subspace.methods]:
        raise UserError(
            f"subspace.path={folder}: holds {', '.join(found.subspace.methods)} and no '{missing[0]}'; "
            f"give subspace.methods=[{','.join(found.subspace.methods)}]"
        )
    if found.subspace.dim != chosen.maker.dim:
        raise UserError(
            f"subspace.dim={chosen.maker.dim}: the subspace in {folder} has {found.subspace.dim} numbers; "
            f"give subspace.dim={found.subspace.dim}"
        )
    return found


def _loaded(folder: Path, chosen: Members, seed: int) -> Found:
    """What a card of an older version does not tell is what this run would make."""
    subspace, facts, codes = load(folder, chosen.deltas)
    return Found(
        subspace, str(folder), facts.get("kind", chosen.kind), facts.get("seed", seed), codes, facts.get("tasks", ())
    )
