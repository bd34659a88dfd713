"""Hydra's multirun, each job a process of its own; Hydra finds launchers in this folder alone.

`hydra/launcher=children` is set in conf/hydra/default.yaml. What does the work lies in deltalab/sweep and in
deltalab/run/sweep.py; this file is imported at every start of a program, so it imports little itself.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from typing import Any, final

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

__all__ = ["Children"]


_SETTINGS = {
    "_target_": "hydra_plugins.deltalab_children.Children",
    "jobs": "${sweep.jobs}",
    "retry": "${sweep.retry}",
    "objectives": "${sweep.objectives}",
    "pack": "${sweep.pack}",
}
ConfigStore.instance().store(group="hydra/launcher", name="children", node=_SETTINGS, provider="deltalab")


def _sweep_key() -> str:
    """Eight hex digits of the SHA-256 of the command line, in any order, but for how and where a sweep is run."""
    words = sorted(word for word in sys.argv[1:] if not word.startswith(("-", "hydra.", "hydra/", "sweep.")))
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:8]


# Cached, as Hydra's `now` is: the configs of the jobs, which have other overrides, get the sweep's value.
OmegaConf.register_new_resolver("sweep_key", _sweep_key, use_cache=True, replace=True)


@final
class Children(Launcher):
    """Runs jobs as child processes, several at once, and again what failed."""

    def __init__(self, jobs: Any, retry: Any, objectives: Any, pack: Any) -> None:  # noqa: ANN401
        self._settings = jobs, retry, objectives, pack

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Hydra's call before any job."""
        from deltalab.run.sweep import Sweep

        self._sweep = Sweep(hydra_context.config_loader, task_function, config, *self._settings)

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """What became of each job, once all have ended."""
        return self._sweep.launch(job_overrides, initial_job_idx)
