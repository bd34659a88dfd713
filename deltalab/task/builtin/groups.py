"""The groups of built-in tasks: every module of this room that has `RECIPES`, by the name of its file."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from deltalab.task import builtin
from deltalab.task.builtin.recipe import Recipe

__all__ = ["GROUPS"]

_NO_GROUPS = {"__main__", "bag", "card", "groups", "make", "recipe"}


def _recipes(module: str) -> dict[str, Recipe]:
    return getattr(import_module(f"{builtin.__name__}.{module}"), "RECIPES", {})


GROUPS: dict[str, dict[str, Recipe]] = {
    found.name: recipes
    for found in iter_modules(builtin.__path__)
    if found.name not in _NO_GROUPS and (recipes := _recipes(found.name))
}
