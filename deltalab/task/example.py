"""One row of a task: a text in, one or more acceptable texts out."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """An input text and its acceptable outputs; the first output is the canonical one.

    Rows of one `group` are scored together by metrics that ask for groups.
    """

    input: str
    outputs: tuple[str, ...]
    group: str | None = None
