"""Refuse what is given and would change nothing."""

from __future__ import annotations

from collections.abc import Sequence

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from deltalab.errors import UserError
from deltalab.run.build import listed
from deltalab.run.overrides import below, overridden
from deltalab.search.inclusion import Inclusion
from deltalab.subspace.maker import Maker

__all__ = ["refuse_for_learning", "refuse_for_moving", "refuse_for_searching", "refuse_twice"]

_HELD = ("subspace.weight", "subspace.mixture", "stage.weight", "stage.mixture", "stage.reconstruction")
"""How codes of solutions are mixed, and how far they are held to decode to these."""

_BESIDE_A_PATH = ("methods", "solutions", "path", "dim")
"""Keys of `subspace` that count for one that is made already; `dim` must be its own."""

_FED = {"batch_size": "data", "max_steps": "trainer", "max_epochs": "trainer", "val_check_interval": "trainer"}
"""What a recipe gives, and to which group, where the command line does not name that itself."""


def refuse_twice() -> None:
    """Raise `UserError` for a number of a recipe beside another that is given where it would go."""
    for recipe in ("recipe", "search"):
        for key, group in _FED.items():
            given, instead = overridden(f"{recipe}.{key}"), overridden(f"{group}.{key}")
            if given and instead and given[-1].partition("=")[2] != instead[-1].partition("=")[2]:
                raise UserError(f"{given[-1]}: {instead[-1]} takes its place; give one of the two")


def refuse_for_learning(maker: Maker) -> None:
    """Raise `UserError` for what a subspace learnt without solutions does not use.

    `needs` may always be given: it says what to do where something is missing.
    """
    if not maker.needs_solutions:
        _refuse(overridden(*_HELD, "subspace.solutions", "subspace.given"))


def refuse_for_moving(config: DictConfig, maker: Maker) -> None:
    """Raise `UserError` for what a stage that moves in a subspace does not use, one at a path, or one of this kind.

    A source task and `needs` may always be given: they say what to do where something is missing.
    """
    options = overridden(*(f"delta.{key}" for key in config.delta))
    _refuse(options, "a stage that moves in a subspace, with the methods of subspace.methods,")
    if config.subspace.path is not None:
        beside = [f"subspace.{key}" for key in config.subspace if key not in _BESIDE_A_PATH]
        _refuse(overridden(*beside), "subspace.path")
    if not (maker.trained and maker.needs_solutions):
        inner = listed(config.needs.approximate) or []
        _refuse([*overridden(*_HELD), *(word for word in inner if below(str(word), _HELD))])
    if not maker.needs_solutions:
        _refuse(overridden("subspace.given"))
        if not maker.trained:
            _refuse(overridden("subspace.leave_out"))


def refuse_for_searching(inclusion: Inclusion) -> None:
    """Raise `UserError` for a schedule that the strategy or the gate of a search does not look at."""
    for key, why in inclusion.unread.items():
        for word in overridden(f"search.{key}"):
            raise UserError(f"{word}: {why}")


def _refuse(given: Sequence[str], by: str | None = None) -> None:
    if given:
        by = by or f"subspace={HydraConfig.get().runtime.choices['subspace']}"
        raise UserError(f"{given[0]}: {by} does not use it")
