"""Every way of tuning on every task, with several seeds: a run of `train.py` for each task and seed, one table of all.

    python -m benchmarks.suite --out runs/suite --task topic inference --seed 0 1 2 -- trainer.max_steps=300

Without `--task` and `--data`: every built-in task. What has a record is not run again; what stands behind `--` goes on
to `train.py`. `--keep FILE` adds what was found to a small file, and `--show` prints the table of that file and runs
nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.program import failed, parsed, parser
from benchmarks.suite_shares import deltas_in, shares
from benchmarks.suite_table import gathered, markdown
from deltalab.atomic import write_json
from deltalab.run.overrides import quoted
from deltalab.task.builtin.make import RECIPES

__all__ = ["main", "tables"]

DELTAS = ("frozen", "full", "adapter", "lora", "prefix", "bitfit")


def main(words: Sequence[str] | None = None) -> int:
    """Run what has no record yet, then print the table; the number of runs that failed."""
    options = _options(words)
    before = json.loads(options.keep.read_text()) if options.keep and options.keep.exists() else None
    if options.show:
        print("\n".join(tables(before or {"tasks": {}}, _names(options.delta))), end="")
        return 0
    lost = 0
    places = {name: [f"task={name}"] for name in options.task}
    places |= {folder.resolve().name: ["task=tsv", f"task.path={quoted(folder)}"] for folder in options.data}
    for seed in options.seed:  # one seed of everything first: a table cut short is thin, not short
        for name, task in places.items():
            folder = options.out / name / str(seed)
            words = [*task, f"pack.delta=[{','.join(options.delta)}]", f"seed={seed}", *options.override]
            lost += failed(words, folder, options.out / "store")
    records = [json.loads(path.read_text()) for path in sorted(options.out.glob("*/*/record.json"))]
    found = gathered(records, before)
    if options.keep:
        write_json(options.keep, found)
    print("\n".join(tables(found, _names(options.delta))), end="")
    return lost


def tables(found: Mapping[str, Any], known: Sequence[str] = DELTAS) -> list[str]:
    """The scores, and how far they are from full fine-tuning where it was run; columns: what of `known` was run."""
    deltas = deltas_in(found, known)
    return [markdown(found, deltas), *([shares(found, deltas)] if "full" in deltas else [])]


def _names(entries: Sequence[str]) -> list[str]:
    """The deltas of entries such as "lora" or "{lora: {lr: 3e-3}}"."""
    return [entry.strip("{ ").split(":")[0] for entry in entries]


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    made = parser("suite", __doc__)
    made.add_argument("--task", nargs="*", default=[], choices=RECIPES, metavar="NAME", help="built-in tasks")
    made.add_argument("--data", nargs="*", default=[], type=Path, metavar="FOLDER", help="tasks in files")
    known = f"as in pack.delta; by default {' '.join(DELTAS)}"
    made.add_argument("--delta", nargs="+", default=list(DELTAS), metavar="ENTRY", help=known)
    options = parsed(made, words)
    if not (options.task or options.data):
        options.task = list(RECIPES)
    return options


if __name__ == "__main__":
    raise SystemExit(main())
