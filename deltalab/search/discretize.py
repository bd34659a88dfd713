"""From numbers for each unit to the units that are kept: each way fills the same budget.

Each takes costs n (N,) and a budget in numbers, returns positions in order, and raises `UserError` where no unit fits.
A unit that no longer fits is passed over, so that at the end nothing left out would still fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from deltalab.delta.candidates import UnitName
from deltalab.errors import UserError

__all__ = ["greedy", "random", "uniform"]


def greedy(scores: Tensor, costs: Tensor, budget: float) -> list[int]:
    """By falling score (N,), such as p or a magnitude; of equal scores the first comes first (arXiv 2206.07382)."""
    if scores.shape != costs.shape or scores.isnan().any():
        raise ValueError(f"scores {tuple(scores.shape)} and costs {tuple(costs.shape)}: one number for each unit")
    return _filled(torch.argsort(scores, descending=True, stable=True).tolist(), costs, budget)


def random(costs: Tensor, budget: float, seed: int) -> list[int]:
    """By chance: at each step every unit that still fits is equally likely (arXiv 2206.07382)."""
    generator = torch.Generator().manual_seed(seed)
    return _filled(torch.randperm(len(costs), generator=generator).tolist(), costs, budget)


def uniform(names: Sequence[UnitName], costs: Tensor, budget: float) -> list[int]:
    """Spread evenly: at each step a layer with the fewest units so far, and there a role with the fewest.

    Roles are those of each method. Layers are visited so that any few of them lie far apart: first, middle, quarters.
    """
    left = dict.fromkeys(range(len(names)))
    rank = {layer: place for place, layer in enumerate(_far_apart(list(dict.fromkeys(map(_layer, names)))))}
    layers: Counter[tuple[str, int | None]] = Counter()
    roles: Counter[tuple[str, str]] = Counter()
    numbers, rest, chosen = costs.tolist(), budget, []
    while left := {i: None for i in left if numbers[i] <= rest}:
        best = min(left, key=lambda i: (layers[_layer(names[i])], roles[names[i][:2]], rank[_layer(names[i])], i))
        layers[_layer(names[best])] += 1
        roles[names[best][:2]] += 1
        rest -= numbers[best]
        del left[best]
        chosen.append(best)
    return _some(sorted(chosen), costs, budget)


def _layer(name: UnitName) -> tuple[str, int | None]:
    return name.side, name.layer


def _far_apart(layers: Sequence[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    """The layers by the bits of their positions read backwards (van der Corput)."""
    bits = max(1, (len(layers) - 1).bit_length())
    order = sorted(range(len(layers)), key=lambda i: int(f"{i:0{bits}b}"[::-1], 2))
    return [layers[i] for i in order]


def _filled(order: Iterable[int], costs: Tensor, budget: float) -> list[int]:
    numbers, rest, chosen = costs.tolist(), budget, []
    for i in order:
        if numbers[i] <= rest:
            rest -= numbers[i]
            chosen.append(i)
    return _some(sorted(chosen), costs, budget)


def _some(chosen: list[int], costs: Tensor, budget: float) -> list[int]:
    if not chosen:
        raise UserError(f"budget={budget:g}: no unit fits; the smallest has {int(costs.min())} numbers")
    return chosen
