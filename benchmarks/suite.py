"""Every way of tuning on every task, with several seeds: a run of `train.py` for each task, and one table of them all.

    python -m benchmarks.suite --out runs/suite --task topic inference --seed 0 1 2 -- trainer.max_steps=300

Without `--task` and `--data`: every built-in task. A task that has a record is not run again; what stands behind `--`
goes on to `train.py`. `--markdown` prints the table of what is there and runs nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from deltalab.task.builtin.bag import bag_of_words
from deltalab.task.builtin.make import RECIPES, make
from deltalab.task.folder import read

__all__ = ["main", "markdown"]

PROGRAM = Path(__file__).parents[1] / "train.py"
DELTAS = ("frozen", "full", "adapter", "lora", "prefix", "bitfit")


def main(words: Sequence[str] | None = None) -> int:
    """Run what has no record yet, then print the table; the number of runs that failed."""
    options = _options(words)
    places = {name: [f"task={name}"] for name in options.task}
    places |= {folder.name: ["task=tsv", f"task.path={folder.resolve()}"] for folder in options.data}
    failed = 0
    for name, task in places.items():
        folder = options.out.resolve() / name
        if not options.markdown and not (folder / "record.json").exists():
            failed += _run(folder, [*task, *options.override], options)
    records = [json.loads(path.read_text()) for path in sorted(options.out.glob("*/record.json"))]
    print(markdown(records, options.delta), end="")
    return failed


def markdown(records: Sequence[Mapping[str, Any]], deltas: Sequence[str]) -> str:
    """Test scores in percent, mean and standard deviation over seeds; the last row is the mean over the tasks."""
    lines = [
        f"| task | metric | majority | bag of words | {' | '.join(deltas)} |",
        f"|---|---|---:|---:|{'---:|' * len(deltas)}",
    ]
    for record in records:
        bag = record_bag(record)
        cells = [_cell(_scores(record, delta)) for delta in deltas]
        blind = [f"{100 * record['majority']:.1f}", "" if bag is None else f"{100 * bag:.1f}"]
        lines.append(f"| {record['task']['name']} | {record['metric']} | {' | '.join([*blind, *cells])} |")
    means = [_mean(records, delta) for delta in deltas]
    lines.append(f"| mean of {len(records)} tasks | | | | {' | '.join(means)} |")
    return "\n".join(lines) + "\n"


def record_bag(record: Mapping[str, Any]) -> float | None:
    """The bag of words on the very rows of a record."""
    settings = {key: value for key, value in record["config"]["task"].items() if key != "_target_"}
    return bag_of_words(make(**settings) if "sizes" in settings else read(**settings))


def _scores(record: Mapping[str, Any], delta: str) -> list[float]:
    return [job["test"]["value"] for job in record["jobs"] if job["delta"] == delta]


def _cell(scores: Sequence[float]) -> str:
    if not scores:
        return ""
    return f"{100 * fmean(scores):.1f}" + (f" ± {100 * stdev(scores):.1f}" if len(scores) > 1 else "")


def _mean(records: Sequence[Mapping[str, Any]], delta: str) -> str:
    """The mean over all tasks, or nothing where one of them lacks the delta."""
    scores = [_scores(record, delta) for record in records]
    return f"{100 * fmean(map(fmean, scores)):.1f}" if scores and all(scores) else ""


def _run(folder: Path, overrides: Sequence[str], options: argparse.Namespace) -> bool:
    pack = [f"pack.delta=[{','.join(options.delta)}]", f"pack.seed=[{','.join(map(str, options.seed))}]"]
    command = [
        sys.executable,
        str(PROGRAM),
        *overrides,
        *pack,
        f"hydra.run.dir={folder}",
        "logger=none",
        "callbacks=quiet",
    ]
    return subprocess.run(command, check=False).returncode != 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suite", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs, one inside it for each task")
    parser.add_argument("--task", nargs="*", default=[], choices=RECIPES, metavar="NAME", help="built-in tasks")
    parser.add_argument("--data", nargs="*", default=[], type=Path, metavar="FOLDER", help="tasks in files")
    parser.add_argument(
        "--delta", nargs="+", default=list(DELTAS), metavar="NAME", help=f"by default {' '.join(DELTAS)}"
    )
    parser.add_argument("--seed", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--markdown", action="store_true", help="print the table of what is there")
    parser.add_argument("override", nargs="*", metavar="KEY=VALUE", help="for train.py, such as trainer.max_steps=300")
    options = parser.parse_args(words)
    if not (options.task or options.data or options.markdown):
        options.task = list(RECIPES)
    return options


if __name__ == "__main__":
    raise SystemExit(main())
