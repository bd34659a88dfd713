"""Hydra's multirun as a sweep: from overrides to jobs, and from records to what a sweeper is told."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, final

from hydra.core.config_loader import ConfigLoader
from hydra.core.utils import JobReturn, JobStatus, setup_globals
from hydra.types import TaskFunction
from omegaconf import DictConfig

from deltalab.errors import UserError, one_of
from deltalab.run.build import listed, whole
from deltalab.run.identity import identity, settings, subfolder
from deltalab.run.options import as_words
from deltalab.run.overrides import quoted
from deltalab.run.packing import Member, alike, most, units, write_members
from deltalab.sweep.claim import claimed
from deltalab.sweep.conduct import Conductor
from deltalab.sweep.job import Job, JobError
from deltalab.sweep.ledger import Ledger
from deltalab.sweep.outcome import OBJECTIVES, number, objectives, record
from deltalab.sweep.slots import slots, visible
from deltalab.sweep.unit import Unit, folder

__all__ = ["Sweep", "chosen_objectives"]

_SWEEPS_OWN = ("hydra.sweep.", "hydra.sweeper", "hydra/sweeper", "hydra.launcher", "hydra/launcher", "hydra.mode=")
_BASIC = "hydra._internal.core_plugins.basic_sweeper.BasicSweeper"


@final
class Sweep:
    """The jobs of one multirun, in the folder `hydra.sweep.dir`; raises `UserError` for settings that cannot be."""

    def __init__(
        self,
        loader: ConfigLoader,
        task_function: TaskFunction,
        config: DictConfig,
        jobs: Any,  # noqa: ANN401
        retry: Any,  # noqa: ANN401
        names: Any,  # noqa: ANN401
        pack: Any = False,  # noqa: ANN401
    ) -> None:
        self._loader, self._config, self._begun = loader, config, False
        self._program = str(Path(inspect.getfile(task_function)).resolve())
        self._places, self._retry = whole(jobs, "sweep.jobs", 1), whole(retry, "sweep.retry")
        self._names, self._most = chosen_objectives(names), most(pack)
        self._members: dict[str, tuple[str | None, Member]] = {}
        self._folder = Path(str(config.hydra.sweep.dir))

    def launch(self, job_overrides: Sequence[Sequence[str]], first: int) -> list[JobReturn]:
        """Run what is not done already; what became of each, in order."""
        setup_globals()
        with claimed(self._folder) as claim:
            ledger = Ledger.read(self._folder)
            if not self._begun:
                ledger.leave()
                self._begun = True
            asked = [self._job(ledger, list(words), first + index) for index, words in enumerate(job_overrides)]
            todo = {job.key: job for job in asked if job.state != "done"}  # a sampler may ask for one job twice
            ledger.save()
            print(f"sweep {self._folder}: {len(asked)} jobs, {len(todo)} to run", flush=True)  # noqa: T201
            cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
            devices = visible() if self._places > 1 and todo else []
            places = slots(self._places, devices, cores, os.environ)
            packs = units(list(todo.values()), {key: known for key, (known, _) in self._members.items()}, self._most)
            Conductor(ledger, lambda unit: self._command(ledger, unit), places, self._retry, claim).run(packs)
            return [self._returned(ledger, job) for job in asked]

    def _job(self, ledger: Ledger, overrides: list[str], number_: int) -> Job:
        """The job of these overrides, of which the ledger may know already."""
        config = self._loader.load_sweep_config(self._config, overrides)
        key = identity(config)
        known = ledger.find(key)
        if known is None:
            used = {job.folder for job in ledger.jobs}
            name = subfolder(config, number_, lambda name: name in used or (ledger.folder / name).exists())
            known = Job(key, name, overrides)
            ledger.jobs.append(known)
        if self._most != 1:
            self._members[key] = alike(settings(config)), self._member(ledger, known, config)
        found = record(ledger.place(known)) if known.state != "failed" else None
        if found is None:
            known.state, known.tries, known.reason, known.score = "waiting", 0, "", None
        else:
            known.state, known.score = "done", number(found["score"])
        return known

    def _member(self, ledger: Ledger, job: Job, config: DictConfig) -> Member:
        place = str(ledger.place(job).absolute())
        return Member(
            job.folder,
            str(config.hydra.runtime.choices.get("delta")),
            settings(config, place),
            _without_sweep(job.overrides),
        )

    def _command(self, ledger: Ledger, unit: Unit) -> list[str]:
        """What would run the unit by hand; also what its own processes repeat when it uses several devices."""
        shared = [word for word in self._config.hydra.overrides.hydra if not word.startswith(_SWEEPS_OWN)]
        place, packed = ledger.folder / folder(unit), []
        if len(unit) > 1:
            members = write_members(place.absolute(), [self._members[job.key][1] for job in unit])
            packed = ["run=deltalab.run.together.together", f"sweep.members={quoted(members)}"]
        named = self._config.sweep.get("name") or ledger.folder.absolute().name
        last = [*packed, f"sweep.name={quoted(named)}", f"hydra.run.dir={quoted(place)}", "hydra.mode=RUN"]
        words = _without_sweep(unit[0].overrides)
        return [sys.executable, self._program, *as_words(sys.argv[1:]), *shared, *words, *last]

    def _returned(self, ledger: Ledger, job: Job) -> JobReturn:
        result = JobReturn(overrides=job.overrides, working_dir=str(ledger.place(job)))
        found = record(ledger.place(job)) if job.state == "done" else None
        try:
            if found is None:
                raise JobError(f"job {ledger.place(job)}: {job.reason}")
            result.status, result.return_value = JobStatus.COMPLETED, objectives(found, self._names)
        except JobError as error:
            result.status, result.return_value = JobStatus.FAILED, error
            if self._config.hydra.sweeper._target_ == _BASIC:  # it would raise at once, and leave out later batches
                result.status, result.return_value = JobStatus.COMPLETED, None
        return result


def chosen_objectives(names: Any) -> list[str]:  # noqa: ANN401
    """The names in `sweep.objectives`; raises `UserError` where there are none, or one that is not known."""
    chosen = listed(names)
    if not chosen:
        raise UserError(f"sweep.objectives={names}: name at least one of {', '.join(OBJECTIVES)}")
    for name in chosen:
        one_of("objective", name, OBJECTIVES, "sweep.objectives")
    return [str(name) for name in chosen]


def _without_sweep(words: Iterable[str]) -> list[str]:
    return [word for word in words if not word.lstrip("+~").startswith("sweep.")]
