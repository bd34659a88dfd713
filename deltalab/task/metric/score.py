"""What a metric answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Score"]


@dataclass(frozen=True)
class Score:
    """A fraction, larger is better and never NaN, with the counts that explain it.

    `details` always holds `rows`, `unparsable` (predictions the metric could not read: off the label set, not a number,
    or empty) and `unparsable_rate`.
    """

    value: float
    details: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"a score must be finite, got {self.value}")
