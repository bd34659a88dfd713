"""Searched structures beside random, uniform and sensitive ones, single methods and full fine-tuning: a run of
`search.py` for each task, budget, space, choice and seed, and one table of all.

    python -m benchmarks.structures --out runs/structures --task topic movie_sentiment --budget 139ppm 556ppm \\
        --space mix lora --seed 0 1 2 --keep FILE -- recipe.max_steps=300 'pack.lr=[1e-3,1e-2]'

What has a record is not run again; of several learning rates the best on dev counts. A single method takes all of its
units where they fit the budget, else as many as fit, spread evenly. A space none of whose units fits a budget, and one
that fits whole, has no rows of it. Searches of other settings, in a folder of their own, may be `--called` otherwise.
`--transfer` then trains the structures of each task on each other one, and their average on all. `--show` prints the
tables of `--keep` and runs nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, final

from benchmarks.program import failed, parsed, parser
from benchmarks.structures_plan import SINGLES, Plan, Run, Size
from benchmarks.structures_table import entry, gathered, markdown, over_random, transfer
from deltalab.atomic import write_json
from deltalab.delta.chosen import Structure
from deltalab.search.structure import average
from deltalab.task.builtin.make import RECIPES

__all__ = ["main", "tables"]

CHOICES = ("search", "random", "uniform", "sensitivity", "magnitude")


def main(words: Sequence[str] | None = None) -> int:
    """Run what has no record yet, then print the tables; the number of runs that failed."""
    options = _options(words)
    before = json.loads(options.keep.read_text()) if options.keep and options.keep.exists() else None
    suite = _Suite(options, gathered([], before))
    if not options.show:
        try:
            suite.everything()
        except _Unknown as reason:
            print(reason, file=sys.stderr)
            return 1
    print("\n".join(tables(suite.found)), end="")
    return suite.lost


def tables(found: Mapping[str, Any]) -> list[str]:
    """All scores, searches against chance, and a matrix of each kind of search whose structures were moved."""
    of = ("budget", "space", "choice")
    moved = dict.fromkeys(tuple(run[key] for key in of) for run in found["runs"] if run["source"] is not None)
    return [markdown(found), over_random(found), *(transfer(found, *kind) for kind in moved)]


class _Unknown(Exception):  # noqa: N818
    """The size of a space or of a budget, without which there is no plan."""


@final
class _Suite:
    """Runs into a folder, and what they found so far."""

    def __init__(self, options: argparse.Namespace, found: dict[str, Any]) -> None:
        self.options, self.found, self.lost = options, found, 0

    def everything(self) -> None:
        """All that is asked for."""
        plan = self._plan()
        for run in plan.runs():
            self._take(run)
        if self.options.transfer:
            for seed, budget in product(plan.seeds, plan.budgets):
                for space in plan.searched(budget):
                    self._moved(plan, budget, space, seed)

    def _moved(self, plan: Plan, budget: str, space: str, seed: int) -> None:
        """The structures of every task on every other, and their average on all."""
        out = self.options.out
        found = {task: out / task / budget / space / "search" / str(seed) / "structure.yaml" for task in plan.tasks}
        found = {task: path for task, path in found.items() if path.exists()}
        for source, path in found.items():
            for task in plan.tasks:
                if task != source:
                    self._take(plan.moved(task, budget, space, source, seed, path))
        if len(found) == len(plan.tasks):
            path = out / "average" / budget / space / f"{seed}.yaml"
            average([Structure.load(one) for one in found.values()], plan.amounts[budget]).save(path)
            for task in plan.tasks:
                self._take(plan.moved(task, budget, space, "average", seed, path))

    def _plan(self) -> Plan:
        given = self.options
        sizes = {name: self._size(name) for name in dict.fromkeys([*given.space, *given.single])}
        amounts = {name: self._amount(name) for name in given.budget}
        return Plan(
            given.task,
            given.budget,
            given.space,
            given.choice,
            given.single,
            given.seed,
            given.random_structures,
            given.override,
            given.full,
            sizes,
            amounts,
            given.called,
        )

    def _size(self, space: str) -> Size:
        folder = self._probed(f"search_space={space}", "choice=all")
        costs = [unit.cost for unit in Structure.load(folder / "structure.yaml").units]
        return Size(min(costs), sum(costs))

    def _amount(self, budget: str) -> float:
        """The budget in numbers, asked of a space that nearly every budget divides."""
        folder = self._probed(f"budget={budget}", "search_space=mix", "choice=uniform")
        return float(json.loads((folder / "record.json").read_text())["budget"]["amount"])

    def _probed(self, *words: str) -> Path:
        """The folder of a run that trains nothing."""
        out, task = self.options.out, f"task={self.options.task[0]}"
        folder = out / "probe" / "-".join(word.partition("=")[2] for word in words)
        if failed([task, *words, *self.options.override, "retrain=false"], folder, out / "store", "search"):
            raise _Unknown(f"{' '.join(words)}: cannot be planned for, as said above")
        return folder

    def _take(self, run: Run) -> None:
        out = self.options.out
        if failed(run.words, out / run.place, out / "store", run.program):
            self.lost += 1
            return
        record = json.loads((out / run.place / "record.json").read_text())
        self.found = gathered([entry(record, run.facts)], self.found)
        if self.options.keep:
            write_json(self.options.keep, self.found)


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    made = parser("structures", __doc__)
    made.add_argument("--task", nargs="+", default=list(RECIPES), metavar="NAME", help="default: all built-in tasks")
    made.add_argument("--budget", nargs="+", default=["139ppm", "556ppm", "2222ppm"], metavar="NAME")
    made.add_argument("--space", nargs="+", default=["mix", "lora"], metavar="NAME")
    made.add_argument("--choice", nargs="+", default=list(CHOICES[:4]), choices=CHOICES, metavar="NAME")
    made.add_argument("--single", nargs="*", default=list(SINGLES), metavar="NAME", help="spaces of one method")
    made.add_argument("--random-structures", type=int, default=5, metavar="N", help="of each task, budget and space")
    made.add_argument("--called", default="search", metavar="NAME", help="what the rows of searches are named")
    made.add_argument("--full", nargs="*", default=[], metavar="KEY=VALUE", help="for full fine-tuning alone")
    made.add_argument("--transfer", action="store_true", help="structures of each task on each other")
    return parsed(made, words)


if __name__ == "__main__":
    raise SystemExit(main())
