"""What gates cost beside none, and what it costs to meet a budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch.autograd import grad

from benchmarks.figure import Figure, compared
from benchmarks.models import backbone, batch
from benchmarks.searches import mix
from benchmarks.settings import Settings
from benchmarks.timing import alternate
from benchmarks.works import start
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.search.inclusion import Inclusion
from deltalab.search.strategy import Shift
from deltalab.step import losses

__all__ = ["deep", "measure"]

ROWS, SOURCE = 4, 128
SHARE = 0.1


def deep(settings: Settings) -> list[Figure]:
    """The same with the 916 units of T5 large, on a narrow backbone as deep."""
    return measure("deep v1.0", replace(settings, rows=ROWS, source=SOURCE))


def measure(size: str, settings: Settings) -> list[Figure]:
    """Forward and backward of the whole search space without dropout: without gates, with gates that need a gradient,
    and with gates sampled under a budget; last the budget alone, forward and backward."""
    stack = Stack(backbone(size, replace(settings, dropout=0.0)))
    space, rows = mix(stack.backbone), batch(size, settings.rows, settings)
    theta = start(space.delta, 1, settings)
    inclusion = Inclusion(
        Shift(), Gate(), Temperature(), BudgetSchedule(), SHARE * float(space.costs.sum()), space.costs
    )
    count, chance = len(space.members), torch.Generator().manual_seed(0)
    alpha, given = (torch.zeros(count, device=settings.place, requires_grad=True) for _ in range(2))
    ones = torch.ones(count, device=settings.place)

    def sampled() -> torch.Tensor:
        return inclusion.sample(inclusion.log_odds(alpha, 0), 0, chance)

    def slope(gates: torch.Tensor | None, *others: torch.Tensor) -> None:
        (loss,) = losses(stack, rows, [Segment(space.delta, theta, None if gates is None else gates[None])])
        grad(loss, (theta, *others))

    works: dict[str, Callable[[], object]] = {
        "no gates": lambda: slope(None),
        "gates": lambda: slope(1 + given, given),
        "gates under a budget": lambda: slope(sampled(), alpha),
        "budget": lambda: grad(sampled(), alpha, ones),
    }
    timings = alternate(works, settings)
    told = {"units": count, "rows": settings.rows, "source": settings.source}
    return [
        compared(name, "no gates", size, timings, f"{count} units, {name} / no gates", told) for name in list(works)[1:]
    ]
