"""Solutions by what determines them: found in the store, or tuned and put there."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from lightning import Trainer, seed_everything
from omegaconf import DictConfig

from deltalab.delta.solution import Solution
from deltalab.errors import UserError
from deltalab.packed.job import DIVERGED, Job
from deltalab.packed.packed import Packed
from deltalab.run.facts import facts_by_job
from deltalab.run.ground import Ground
from deltalab.run.pack import jobs, methods
from deltalab.run.ranks import all_here, gather, lead
from deltalab.run.resume import go_on, of_one_length
from deltalab.run.setup import make_trainer
from deltalab.run.solve import assemble, fit_and_test, job_folder, leave
from deltalab.store.entry import Entry
from deltalab.store.key import content_key
from deltalab.store.store import Store
from deltalab.task.task import Task

__all__ = ["keep", "put", "solved"]

log = logging.getLogger(__name__)

KIND = "solution"


def solved(config: DictConfig, ground: Ground, task: Task) -> dict[str, list[Solution]]:
    """The solutions that a config of stage=tune describes, by method: those in the store, and the rest tuned now.

    Every key is locked meanwhile, so that two runs never tune the same. The processes of one run tune together. Raises
    `UserError` for one that ended in numbers that are none.
    """
    chosen = methods(config)
    wanted = jobs(config, ground.backbone, chosen)
    facts = facts_by_job(config, ground, task, chosen, wanted)
    with ExitStack() as locks:
        lead(lambda: _lock(locks, ground.store, facts.values()))
        entries = _entries(ground.store, facts)
        missing = [job for job in wanted if entries[job.name] is None]
        if missing:
            _tune(config, ground, task, missing, facts)
            entries = _entries(ground.store, facts)
        found: dict[str, list[Solution]] = {name: [] for name in chosen}
        for job in wanted:
            entry = entries[job.name]
            assert entry is not None
            found[job.delta.name].append(_sound(Solution.load(entry.path / "solution", job.delta), job, task))
        all_here()
    return found


def _sound(solution: Solution, job: Job, task: Task) -> Solution:
    if solution.card.get("job", {}).get("ended") == DIVERGED:
        raise UserError(
            f"solution of '{job.delta.name}' on {task.name}, seed {job.seed}: diverged at lr={job.lr:g}; "
            f"give the method a lower one, as in subspace.methods=[{{{job.delta.name}: {{lr: 1e-3}}}}, ...]"
        )
    return solution


def _lock(locks: ExitStack, store: Store, facts: Iterable[Mapping[str, Any]]) -> None:
    for one in sorted(facts, key=content_key):  # one order for all, or two runs could wait for each other
        locks.enter_context(store.lock(KIND, one))


def _entries(store: Store, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Entry | None]:
    return lead(lambda: {name: store.find(KIND, one) for name, one in facts.items()})


def _tune(config: DictConfig, ground: Ground, task: Task, missing: Sequence[Job], facts: Mapping[str, Any]) -> None:
    started = time.perf_counter()
    log.info("tuning %s on %s, for the store", ", ".join(job.name for job in missing), task.name)
    wanted = [facts[job.name] for job in missing]
    with ground.store.workplace(KIND, {"jobs": wanted}) as folder:
        config.output_dir = str(folder)
        module, data = assemble(config, ground, task, missing)
        trainer = make_trainer(config)
        gather(config, trainer)
        seed_everything(config.seed, verbose=False)
        fit_and_test(trainer, module, data, go_on(config, trainer, wanted))
        lead(lambda: _publish(config, ground.store, folder, module, facts, time.perf_counter() - started))


def _publish(
    config: DictConfig, store: Store, folder: Path, module: Packed, facts: Mapping[str, Any], seconds: float
) -> None:
    leave(folder, config, module, seconds)
    _put(store, folder, module, facts)


def keep(store: Store, folder: Path, module: Packed, facts: Mapping[str, Any], trainer: Trainer) -> None:
    """Put the solution and the record of every job of a finished run into the store, unless it is to keep none.

    A run whose steps were of several lengths is not what its last settings make of one that begins anew.
    """
    if store.keep and of_one_length(trainer):
        _put(store, folder, module, facts)


def _put(store: Store, folder: Path, module: Packed, facts: Mapping[str, Any]) -> None:
    for job in module.jobs:
        put(store, job_folder(folder, module, job), facts[job.name])


def put(store: Store, place: Path, facts: Mapping[str, Any]) -> None:
    """Publish the solution and the record in a job's folder."""
    store.publish(KIND, facts, {name: place / name for name in ("solution", "record.json")})
