"""Relative performance of what a subspace decodes to."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

__all__ = ["mean_relative", "relative"]

LEAST = 0.01
"""An original score up to which a ratio to it means nothing."""


def relative(sub: float, original: float) -> float | None:
    """E_rel = 100 * E_sub / E_orig, in percent of the target method's own score in the original space.

    Values above 100 are kept; None, undefined, where E_orig is at most 0.01. Source: arXiv 2210.13311.
    """
    return 100 * sub / original if original > LEAST else None


def mean_relative(values: Sequence[float | None]) -> float | None:
    """The mean of those that are defined, None where none is."""
    defined = [value for value in values if value is not None]
    return fmean(defined) if defined else None
