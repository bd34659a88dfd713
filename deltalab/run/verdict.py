"""The last word of a sweep: whether all its jobs are done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, final

from hydra.experimental.callback import Callback
from omegaconf import DictConfig

from deltalab.run.gallery import hang
from deltalab.sweep.ledger import Ledger

__all__ = ["Verdict"]

_LAUNCHER = "hydra_plugins.deltalab_children.Children"


@final
class Verdict(Callback):
    """Draws what the jobs of a multirun show together, and ends it with exit code 1 and one line where a job has
    failed; other launchers speak for themselves."""

    def on_multirun_end(self, config: DictConfig, **kwargs: Any) -> None:  # noqa: ANN401
        """Hydra's call after all jobs."""
        folder = Path(str(config.hydra.sweep.dir))
        try:
            for path in hang(config, folder):
                print(f"picture: {path}")  # noqa: T201
        finally:  # Hydra makes a warning of whatever is raised here
            if config.hydra.launcher._target_ == _LAUNCHER:
                self._judge(folder)

    @staticmethod
    def _judge(folder: Path) -> None:
        asked = [job for job in Ledger.read(folder).jobs if job.state != "left"]
        failed = [job for job in asked if job.state != "done"]
        if failed:
            names = "; ".join(f"{job.folder}: {job.reason}" for job in failed[:3]) + ("; ..." if failed[3:] else "")
            known = f"error: sweep {folder}: {len(failed)} of {len(asked)} jobs failed ({names})"
            print(f"{known}; the same command runs these again", file=sys.stderr)  # noqa: T201
            sys.exit(1)
