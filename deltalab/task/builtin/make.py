"""A built-in task by name."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from deltalab.errors import UserError, member, one_of
from deltalab.task.assemble import assemble, label_set
from deltalab.task.builtin.groups import GROUPS
from deltalab.task.builtin.recipe import Recipe
from deltalab.task.example import Example
from deltalab.task.shots import few
from deltalab.task.task import SPLITS, Task
from deltalab.task.whole import whole

__all__ = ["RECIPES", "make"]

RECIPES: dict[str, Recipe] = {name: recipe for group in GROUPS.values() for name, recipe in group.items()}

SIZES = {"train": 4000, "dev": 500, "test": 1000}

PATIENCE = 200
"""Draws in a row that may repeat an input before a recipe counts as exhausted."""


def make(
    name: str,
    sizes: Mapping[str, int] | None = None,
    seed: int = 0,
    noise: float = 0.05,
    evaluation: str = "auto",
    shots: int | None = None,
) -> Task:
    """The generated task `name`: `sizes` rows a split, no input in two rows, the same rows for the same arguments.

    A fraction `noise` of the outputs of every split is wrong, so about `1 - noise` is the best score to hope for. Dev
    and test do not change with the size of train. `shots` keeps so many rows of each class in train and in dev. Raises
    `UserError` for an unknown name or split, a size or shots below 1, a noise outside [0, 1), or more rows than the
    recipe has.
    """
    recipe = member("built-in task", name, RECIPES, "task.name")
    rows = _sizes({} if sizes is None else sizes)
    whole(seed, 0, "task.seed")
    if isinstance(noise, bool) or not isinstance(noise, int | float) or not 0 <= noise < 1:
        raise UserError(f"task.noise: '{noise}' is not allowed; allowed: a fraction from 0 to below 1")
    seen: set[str] = set()
    splits = {}
    for split in reversed(SPLITS):  # test first: what was drawn for it is then closed to dev and train
        splits[split] = _draw(recipe, rows[split], f"{name}/{seed}/{split}", noise, seen)
    labels = recipe.labels or label_set(splits["train"], recipe.metric, evaluation)
    return assemble(name, few(splits, shots, labels, seed), recipe.metric, labels, evaluation, f"built-in task {name}")


def _sizes(sizes: Mapping[str, int]) -> dict[str, int]:
    if not isinstance(sizes, Mapping):
        raise UserError(
            f"task.sizes: '{sizes}' is not allowed; allowed: a size for each split, as task.sizes.train=4000"
        )
    for split, size in sizes.items():
        one_of("split", split, SPLITS, "task.sizes")
        whole(size, 1, f"task.sizes.{split}")
    return SIZES | dict(sizes)


def _draw(recipe: Recipe, count: int, key: str, noise: float, seen: set[str]) -> tuple[Example, ...]:
    chance, error = Random(key), Random(f"{key}/noise")
    rows: list[Example] = []
    for _ in range(count):
        text, output = _fresh(recipe, chance, seen, key)
        if error.random() < noise:
            output = recipe.misjudge(output, error)
        rows.append(Example(text, (output,)))
    return tuple(rows)


def _fresh(recipe: Recipe, chance: Random, seen: set[str], key: str) -> tuple[str, str]:
    for _ in range(PATIENCE):
        text, output = recipe.draw(chance)
        if text not in seen:
            seen.add(text)
            return text, output
    raise UserError(f"task.sizes: built-in task {key.split('/')[0]} has about {len(seen)} distinct rows, not more")
