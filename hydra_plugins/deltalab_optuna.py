"""Hydra's sweeper `optuna`: jobs chosen by Optuna, a study that goes on; Hydra finds sweepers in this folder alone.

What does the work lies in deltalab/run/trials.py; this file is imported at every start of a program.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, final

from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

__all__ = ["Optuna"]

_SETTINGS = {
    "_target_": "hydra_plugins.deltalab_optuna.Optuna",
    "n_trials": 20,
    "n_jobs": "${sweep.jobs}",  # trials chosen at a time
    "max_failure_rate": 0.0,  # of these; more end the sweep
    "direction": None,  # maximize or minimize for each of sweep.objectives
    "sampler": {"kind": "tpe", "seed": None},  # tpe, random, nsgaii
    "storage": None,  # null: a file in the folder of the sweep
    "study_name": None,
    "objectives": "${sweep.objectives}",
}
ConfigStore.instance().store(group="hydra/sweeper", name="optuna", node=_SETTINGS, provider="deltalab")


@final
class Optuna(Sweeper):
    """Chooses jobs by what those before them returned."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401
        self._settings = settings

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Hydra's call before anything else."""
        self.hydra_context, self.config = hydra_context, config
        self._launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> None:
        """All trials that are still to be made."""
        try:
            from deltalab.run.trials import Settings, space, study_of, try_out, write_results
        except ModuleNotFoundError as error:
            from deltalab.errors import UserError

            raise UserError("hydra/sweeper=optuna: needs optuna; pip install -c constraints.txt optuna") from error
        from deltalab.run.sweep import chosen_objectives

        given, folder = self._settings, Path(str(self.config.hydra.sweep.dir))
        names = chosen_objectives(given["objectives"])
        keys = ("n_trials", "n_jobs", "max_failure_rate", "direction")
        chosen, settings = space(arguments), Settings.of(*(given[key] for key in keys), names)
        folder.mkdir(parents=True, exist_ok=True)
        storage = given["storage"] or f"sqlite:///{folder.absolute()}/optuna.db"
        name, sampler = given["study_name"] or folder.name, given["sampler"]
        study = study_of(name, storage, settings, sampler["kind"], sampler["seed"])
        try_out(study, chosen, settings, self._launch)
        write_results(folder, study)

    def _launch(self, batch: list[list[str]], first: int) -> Sequence[JobReturn]:
        self.validate_batch_is_legal(batch)
        return self._launcher.launch(batch, initial_job_idx=first)
