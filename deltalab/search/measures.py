"""How decided a search is, and what its structure costs beside the budget."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["entropy", "measures"]


def entropy(p: Tensor) -> Tensor:
    """Mean over units of -p log2 p - (1 - p) log2(1 - p), in bits: 1 where nothing is decided, 0 where all is."""
    return -(torch.xlogy(p, p) + torch.xlogy(1 - p, 1 - p)).mean() / torch.log(torch.tensor(2.0, dtype=p.dtype))


def measures(p: Tensor, chosen: Sequence[int], costs: Tensor, budget: float) -> dict[str, float]:
    """The entropy of p (N,), and the shares of the budget that p expects and the chosen units take."""
    n = costs.to(p)
    return {
        "search/entropy": float(entropy(p)),
        "search/expected": float((p * n).sum()) / budget,
        "search/discrete": float(n[list(chosen)].sum()) / budget,
    }
