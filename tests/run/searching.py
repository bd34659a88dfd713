"""A search of a few steps, and one with a budget."""

from __future__ import annotations

from .support import SMALL

__all__ = ["SEARCH", "SHORT"]

SHORT = (
    *SMALL,
    "trainer.max_steps=6",
    "trainer.val_check_interval=2",
    "trainer.limit_val_batches=1.0",
    "trainer.limit_test_batches=1.0",
    "search.lr=0.03",
    "delta.lr=0.03",
)
SEARCH = (*SHORT, "budget.parameters=300")
