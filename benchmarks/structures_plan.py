"""Which runs tell what searched structures are worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, final

from deltalab.run.overrides import quoted

__all__ = ["SINGLES", "Plan", "Run", "Size"]

SINGLES = ("bitfit", "lnfit", "lra", "lora_qv")
"""Search spaces of one method each."""

_OF_SEARCH = ("search.", "strategy", "gate", "hypergradient", "cost")


class Size(NamedTuple):
    """Numbers of a search space: those of its smallest unit, and all."""

    least: int
    total: int


@final
@dataclass(frozen=True)
class Run:
    """A run of a program into a place of its own, and what a table is to know it by."""

    program: str
    place: Path
    words: tuple[str, ...]
    facts: Mapping[str, Any]


@final
@dataclass(frozen=True)
class Plan:
    """All runs, the first seed of everything first: a table cut short is thin, not short.

    `amounts` are budgets in numbers, `full` overrides of full fine-tuning alone, `called` is what searches are named.
    Random structure i is drawn by i and trained with the seeds in turn.
    """

    tasks: Sequence[str]
    budgets: Sequence[str]
    spaces: Sequence[str]
    choices: Sequence[str]
    singles: Sequence[str]
    seeds: Sequence[int]
    random: int
    override: Sequence[str]
    full: Sequence[str]
    sizes: Mapping[str, Size]
    amounts: Mapping[str, float]
    called: str = "search"

    def runs(self) -> Iterator[Run]:
        """Full fine-tuning, and for each budget the choices from each space and as much of single methods as fits."""
        for seed, task in product(self.seeds, self.tasks):
            yield self._full(task, seed)
            for budget in self.budgets:
                for space, choice in product(self._divided(self.spaces, budget), self.choices):
                    draws = self._draws(seed) if choice == "random" else [None]
                    yield from (self._chosen(task, budget, space, choice, seed, draw) for draw in draws)
                for space in self._divided(self.singles, budget):
                    yield self._chosen(task, budget, space, "uniform", seed)
                for space in self.singles:
                    if self.sizes[space].total <= self.amounts[budget]:
                        yield self._whole(task, budget, space, seed)

    def moved(self, task: str, budget: str, space: str, source: str, seed: int, structure: Path) -> Run:
        """A structure of another task, or an average, trained on a task."""
        words = ["delta=structure", f"delta.path={quoted(structure)}"]
        facts = {"budget": budget, "space": space, "choice": self.called, "source": source}
        return self._run("train", Path(task) / budget / space / "from" / source / str(seed), words, task, seed, facts)

    def searched(self, budget: str) -> list[str]:
        """The spaces where a search has something to choose under a budget."""
        return self._divided(self.spaces, budget)

    def _divided(self, spaces: Sequence[str], budget: str) -> list[str]:
        return [name for name in spaces if self.sizes[name].least <= self.amounts[budget] < self.sizes[name].total]

    def _draws(self, seed: int) -> list[int]:
        return [i for i in range(self.random) if self.seeds[i % len(self.seeds)] == seed]

    def _full(self, task: str, seed: int) -> Run:
        facts = {"choice": "full"}
        return self._run("train", Path(task) / "full" / str(seed), ["delta=full"], task, seed, facts, self.full)

    def _chosen(self, task: str, budget: str, space: str, choice: str, seed: int, draw: int | None = None) -> Run:
        words = [f"budget={budget}", f"search_space={space}", f"choice={choice}"]
        words += [] if draw is None else [f"choice.seed={draw}"]
        named = self.called if choice == "search" else choice
        facts = {"budget": budget, "space": space, "choice": named, "draw": draw}
        last = str(seed if draw is None else draw)
        return self._run("search", Path(task) / budget / space / choice / last, words, task, seed, facts)

    def _whole(self, task: str, budget: str, space: str, seed: int) -> Run:
        words = [f"search_space={space}", "choice=all"]
        facts = {"budget": budget, "space": space, "choice": "all"}
        return self._run("search", Path(task) / "all" / space / str(seed), words, task, seed, facts)

    def _run(
        self,
        program: str,
        place: Path,
        words: Sequence[str],
        task: str,
        seed: int,
        facts: Mapping[str, Any],
        last: Sequence[str] = (),
    ) -> Run:
        general = [one for one in self.override if program == "search" or not one.startswith(_OF_SEARCH)]
        return Run(
            program,
            place,
            (f"task={task}", f"seed={seed}", *words, *general, *last),
            {"task": task, "budget": None, "space": None, "draw": None, "source": None, "seed": seed, **facts},
        )
