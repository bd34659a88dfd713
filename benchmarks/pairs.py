"""How much of the original performance a subspace learnt on one task recovers on others: a run of `train.py` for each
source, target, subspace and seed, one table of all, and one of E_orig.

    python -m benchmarks.pairs --out runs/pairs --source movie_sentiment --target restaurant_sentiment book_sentiment \\
        --subspace d2 d4 random --seed 0 1 2 --keep FILE -- trainer.max_steps=300

What has a record is not run again, and all runs share one store. A task may be a folder in the CrossFit layout, and
what is overridden of the target, as in task.limit.dev=500, is of the source as well. A subspace is an option of that
group, or one with a dimension, as in random:10. Runs in a folder of their own may be `--called` something else in the
table, such as "warm start", and kept beside others. `--show` prints the table of `--keep` and runs nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from benchmarks.pairs_table import entry, gathered, markdown, originals
from benchmarks.program import failed, parsed, parser
from deltalab.atomic import write_json
from deltalab.run.overrides import key_of, quoted, quoted_list

__all__ = ["main"]


def main(words: Sequence[str] | None = None) -> int:
    """Run what has no record yet, then print the table; the number of runs that failed."""
    options = _options(words)
    before = json.loads(options.keep.read_text()) if options.keep and options.keep.exists() else None
    lost, entries = 0, []
    source = Path(options.source).name
    places = product(options.seed, options.target, options.subspace)
    for seed, target, subspace in [] if options.show else places:
        name, _, dim = subspace.partition(":")
        folder = options.out / source / Path(target).name / subspace / str(seed)
        words = ["stage=optimize", *_task(target), f"subspace={name}", f"subspace.source_task={_source(options)}"]
        words += [f"subspace.dim={dim}"] * bool(dim) + [f"seed={seed}", *options.override]
        if failed(words, folder, options.out / "store"):
            lost += 1
            continue
        entries.append(entry(json.loads((folder / "record.json").read_text()), source, subspace, options.called))
        if options.keep:
            before = gathered(entries, before)
            write_json(options.keep, before)
    found = gathered(entries, before)
    print(f"{markdown(found)}\n{originals(found)}", end="")
    return lost


def _task(name: str) -> list[str]:
    """The overrides of a task by name, or of one in a folder."""
    return ["task=tsv", f"task.path={quoted(name)}"] if Path(name).is_dir() else [f"task={name}"]


def _source(options: argparse.Namespace) -> str:
    """The source as a list of overrides: its own, and those of every task."""
    return quoted_list(
        [*_task(options.source), *(word for word in options.override if key_of(word).startswith("task."))]
    )


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    made = parser("pairs", __doc__)
    made.add_argument("--source", default="movie_sentiment", metavar="NAME", help="the task, or split, it is learnt on")
    made.add_argument("--target", nargs="+", default=["restaurant_sentiment"], metavar="NAME")
    made.add_argument("--subspace", nargs="+", default=["d4"], metavar="NAME[:DIM]")
    made.add_argument("--called", metavar="TEXT", help="their name in the table (default: the kind of subspace)")
    return parsed(made, words)


if __name__ == "__main__":
    raise SystemExit(main())
