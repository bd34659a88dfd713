"""One line of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from benchmarks.timing import Spread

__all__ = ["Figure"]


@final
@dataclass(frozen=True)
class Figure:
    """`ratio` is the first part over the second; `parts` are what was measured, each under its name and unit."""

    what: str
    size: str
    parts: Mapping[str, float | int | bool]
    ratio: Spread | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
