"""What a step costs and buys in which each row visits one method instead of all: runs of `train.py stage=approximate`.

    python -m benchmarks.parted --out runs/parted --task message_emotion --seed 0 1 2 --keep FILE --steps 600

A run with whole steps, one with as many parted ones, and one with as many more of these as there are methods, which
visits as many pairs of row and method as the first. What has a record is not run again. Solutions are made first, by a
run of one step that is not shown, so that time is that of learning. `--show` prints the table of `--keep`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.cells import over_seeds
from benchmarks.program import failed, parsed, parser
from deltalab.atomic import write_json

__all__ = ["entry", "gathered", "main", "markdown"]

FORMAT = 1
STEPS = "recipe.max_steps"


def main(words: Sequence[str] | None = None) -> int:
    """Run what has no record yet, then print the table; the number of runs that failed."""
    options = _options(words)
    found = json.loads(options.keep.read_text()) if options.keep and options.keep.exists() else None
    lost = 0
    for seed in [] if options.show else options.seed:
        task = ["stage=approximate", f"task={options.task}", f"subspace={options.subspace}", f"seed={seed}"]
        folder, store = options.out / options.task / str(seed), options.out / "store"
        warm = [f"{STEPS}=1", "recipe.val_check_interval=1"]
        lost += failed([*task, *options.override, *warm], folder / "solutions", store)
        for way, factor in (("whole", 1), ("parted", 1), ("parted", options.methods)):
            place, steps = folder / f"{way}-{factor}", factor * options.steps
            interval = f"recipe.val_check_interval={max(1, steps // 3)}"
            order = [f"{STEPS}={steps}", interval, f"stage.partitioned={str(way == 'parted').lower()}"]
            if failed([*task, *options.override, *order], place, store):
                lost += 1
                continue
            found = gathered([entry(json.loads((place / "record.json").read_text()))], found)
            if options.keep:
                write_json(options.keep, found)
    print(markdown(found or gathered([])), end="")
    return lost


def entry(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the table needs of the record of an approximation of one task."""
    config, (task,) = record["config"], record["tasks"]
    facts = {key: record[key] for key in ("dim", "score", "seconds", "chip", "versions", "revision")}
    way = "parted" if config["stage"]["partitioned"] else "whole"
    return {"task": task["name"], "seed": config["seed"], "steps": config["recipe"]["max_steps"], "way": way, **facts}


def gathered(entries: Iterable[Mapping[str, Any]], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Entries by task, seed, way and steps; `before` is an older file to add to."""
    found = {_key(one): dict(one) for one in (*(before or {}).get("runs", []), *entries)}
    return {"format": FORMAT, "runs": [found[key] for key in sorted(found)]}


def markdown(found: Mapping[str, Any]) -> str:
    """Test score in percent over methods and points, and time in that of whole steps of the same task and seed."""
    lines = ["| task | d | steps | each row visits | seeds | score | time |", "|---|---:|---:|---|---:|---:|---:|"]
    alike: dict[tuple[str, int, int, str], list[Mapping[str, Any]]] = {}
    for run in found["runs"]:
        alike.setdefault((run["task"], run["dim"], run["steps"], run["way"]), []).append(run)
    whole = {(run["task"], run["dim"], run["seed"]): run["seconds"] for run in found["runs"] if run["way"] == "whole"}
    for (task, dim, steps, way), runs in sorted(alike.items(), key=lambda pair: (*pair[0][:3], pair[0][3] != "whole")):
        times = [run["seconds"] / whole[task, dim, run["seed"]] for run in runs if (task, dim, run["seed"]) in whole]
        visits = "every method" if way == "whole" else "one method"
        cells = [len(runs), over_seeds([run["score"] for run in runs]), over_seeds(times, scale=1.0)]
        lines.append(f"| {task} | {dim} | {steps:,} | {visits} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def _key(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return one["task"], one["dim"], one["seed"], one["steps"], one["way"]


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    made = parser("parted", __doc__)
    made.add_argument("--task", default="message_emotion", metavar="NAME")
    made.add_argument("--subspace", default="d4", metavar="NAME")
    made.add_argument("--steps", type=int, default=600, metavar="N", help="whole steps")
    made.add_argument("--methods", type=int, default=3, metavar="N", help="methods that share the subspace")
    return parsed(made, words)


if __name__ == "__main__":
    raise SystemExit(main())
