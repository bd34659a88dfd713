"""The family of a model, from the `model_type` in its config."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from deltalab.backbone import families
from deltalab.backbone.family import Family
from deltalab.errors import UserError

__all__ = ["detect", "known"]


def known() -> list[Family]:
    """Every family of the package, one from each module in `families`."""
    names = sorted(module.name for module in iter_modules(families.__path__))
    return [getattr(import_module(f"{families.__name__}.{name}"), name)() for name in names]


def detect(model_type: str, where: str) -> Family:
    """The family with a role table for a model type; raises `UserError` where there is none."""
    every = known()
    for family in every:
        if model_type in family.model_types:
            return family
    types = ", ".join(sorted(one for family in every for one in family.model_types))
    raise UserError(
        f"{where}: no role table for model type '{model_type}'; allowed: {types}; "
        "or write a function that returns a Family and name it by backbone.family._target_=yours.function"
    )
