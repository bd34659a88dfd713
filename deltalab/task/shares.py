"""How much each of several tasks counts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from deltalab.errors import UserError

__all__ = ["shares"]


def shares(sizes: Sequence[int], mixing: str | float = "equal") -> list[float]:
    """The share of each task, of `sizes` train rows: n_t^(1/T) / sum_s n_s^(1/T), T the temperature `mixing`.

    `equal` is an infinite T, `proportional` T = 1 (arXiv 1910.10683, section 3.5.2). Raises `UserError` for another
    word, or a temperature that is not above 0.
    """
    temperature = {"equal": math.inf, "proportional": 1.0}.get(str(mixing), mixing)
    if isinstance(temperature, str | bool) or not temperature > 0:
        raise UserError(f"tasks: '{mixing}' is not allowed; allowed: equal, proportional, or a temperature above 0")
    most = max(sizes)
    weights = [(size / most) ** (1 / temperature) for size in sizes]
    return [weight / sum(weights) for weight in weights]
