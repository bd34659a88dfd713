"""One line of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from benchmarks.timing import Spread, Timings

__all__ = ["Figure", "compared"]


@final
@dataclass(frozen=True)
class Figure:
    """`ratio` is the first part over the second; `parts` are what was measured, each under its name and unit.

    Both are empty where nothing could be measured within the limit of time.
    """

    what: str
    size: str
    parts: Mapping[str, float | int | bool]
    ratio: Spread | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def compared(
    name: str, base: str, size: str, timings: Timings, what: str = "", settings: Mapping[str, Any] | None = None
) -> Figure:
    """Seconds of one work over those of another."""
    return Figure(
        what or f"{name} / {base}", size, timings.parts(name, base), timings.ratio(name, base), settings or {}
    )
