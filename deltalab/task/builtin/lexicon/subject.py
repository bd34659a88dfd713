"""Fields of interest and the remarks that are made about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

__all__ = ["Subjects"]


@final
@dataclass(frozen=True)
class Subjects:
    """The `things` of each field, who speaks of them and when, and in which words.

    A `plain` remark names things of one field, {a} and {b}; one `against` another sets {x} of another field aside.
    """

    things: dict[str, tuple[str, ...]]
    people: tuple[str, ...]
    times: tuple[str, ...]
    plain: tuple[str, ...]
    against: tuple[str, ...]
