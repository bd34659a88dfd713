"""Runs of `train.py` and `search.py` as processes of their own, and the options of commands that start many."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deltalab.run.overrides import quoted

__all__ = ["failed", "parsed", "parser"]

ROOT = Path(__file__).parents[1]


def failed(overrides: Sequence[str], folder: Path, store: Path, program: str = "train") -> bool:
    """Run into a folder, without loggers and checkpoints; whether it failed. A folder with a record is left alone."""
    if (folder / "record.json").exists():
        return False
    quiet = ["logger=none", "callbacks=quiet", "callbacks.checkpoint=null"]
    command = [
        sys.executable,
        str(ROOT / f"{program}.py"),
        *overrides,
        f"hydra.run.dir={quoted(folder)}",
        f"store.root={quoted(store)}",
        *quiet,
    ]
    return subprocess.run(command, check=False).returncode != 0


def parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """What every such command takes: where its runs and its results go, seeds, and overrides of all runs."""
    made = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=description)
    made.add_argument("--out", type=Path, help="folder of the runs and of their store")
    made.add_argument("--seed", nargs="+", type=int, default=[0, 1, 2])
    made.add_argument("--keep", type=Path, metavar="FILE", help="where the results are gathered")
    made.add_argument("--show", action="store_true", help="print the table of --keep and run nothing")
    made.add_argument("override", nargs="*", metavar="KEY=VALUE", help="for every run, such as trainer.max_steps=300")
    return made


def parsed(made: argparse.ArgumentParser, words: Sequence[str] | None) -> argparse.Namespace:
    """The options; without a folder for runs nothing runs, without a file nothing is shown."""
    options = made.parse_args(words)
    if options.out is None and not options.show:
        made.error("--out: needs the folder of the runs")
    if options.show and options.keep is None:
        made.error("--show: prints a file; give --keep FILE")
    return options
