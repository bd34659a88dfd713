"""Runs of `train.py` as processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["failed"]

PROGRAM = Path(__file__).parents[1] / "train.py"


def failed(overrides: Sequence[str], folder: Path, store: Path) -> bool:
    """Run into a folder, without loggers and checkpoints; whether it failed. A folder with a record is left alone."""
    if (folder / "record.json").exists():
        return False
    quiet = ["logger=none", "callbacks=quiet", "callbacks.checkpoint=null"]
    command = [sys.executable, str(PROGRAM), *overrides, f"hydra.run.dir={folder}", f"store.root={store}", *quiet]
    return subprocess.run(command, check=False).returncode != 0
