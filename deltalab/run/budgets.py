"""The budget of a search: how it was given, and how much that is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, final

from omegaconf import DictConfig, open_dict
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.errors import UserError
from deltalab.run.build import build
from deltalab.run.overrides import key_of, overridden
from deltalab.run.remembered import Remembered
from deltalab.search.budget import Budget
from deltalab.search.cost import Cost

__all__ = ["Allowed", "allowed", "superseded"]

_WAYS = ("ppm", "parameters", "like")


@final
@dataclass(frozen=True)
class Allowed:
    """B, an `amount` of what `unit` counts; `denominator` is how much of it the backbone has, `given` says B in words.

    A record keeps all of it, and `ppm`, the share.
    """

    amount: float
    unit: str
    denominator: int
    given: str

    def entry(self) -> dict[str, Any]:
        """What a record keeps."""
        return {**asdict(self), "ppm": 1e6 * self.amount / self.denominator}


def allowed(config: DictConfig, cost: Cost | Remembered, costs: Tensor, backbone: Backbone) -> Allowed:
    """The budget that a config asks for, for units of these costs (N,).

    Raises `UserError` where it is given twice or not at all, where no unit fits, and where all fit together.
    """
    way, whole = _way(config), round(cost.denominator(backbone))
    if way != "ppm" and cost.unit != "parameters":
        raise UserError(f"budget.{way}: counts parameters, and the cost counts {cost.unit}; give budget.ppm")
    if way == "like":
        method = build(config, "budget.like")
        budget, given = Budget(parameters=method.bind(backbone, "like").size), f"like {type(method).__name__}"
    else:
        budget = build(config, "budget", but=("like",))
        given = f"{config.budget[way]:g} {way}"
    found = Allowed(float(budget.of(whole)), cost.unit, whole, given)
    _refuse(found, costs)
    return found


def superseded(config: DictConfig) -> list[str]:
    """The keys of the budget that a typed one takes the place of."""
    given, typed = _given(config), [key_of(word) for word in overridden("budget")]
    keys = [way for way in given if f"budget.{way}" in typed]
    return [way for way in given if way not in keys] if len(keys) == 1 and "budget" not in typed else []


def _given(config: DictConfig) -> list[str]:
    return [way for way in _WAYS if config.budget.get(way) is not None]


def _way(config: DictConfig) -> str:
    """The only key of the budget that is given; one that is typed takes the place of the default's."""
    with open_dict(config):
        config.budget.update(dict.fromkeys(superseded(config)))
    given = _given(config)
    if len(given) != 1:
        told = f"given by {' and '.join(given)}" if given else "not given"
        raise UserError(f"budget: {told}; give it once, as in budget=139ppm, budget.ppm=70 or budget.parameters=1000")
    return given[0]


def _refuse(found: Allowed, costs: Tensor) -> None:
    """Raise `UserError` where there is nothing to choose."""
    least, total = float(costs.min()), float(costs.double().sum())
    told = f"budget: {found.given} is {found.amount:,.0f} of the backbone's {found.denominator:,.0f} {found.unit}"
    if least > found.amount:
        raise UserError(f"{told}; no unit fits, the smallest of the search space has {least:,.0f}")
    if total <= found.amount:
        raise UserError(f"{told}; the whole search space has {total:,.0f}: give less, or choice=all for all units")
