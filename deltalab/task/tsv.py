"""Tab-separated rows: an input, then its acceptable outputs."""

from __future__ import annotations

from pathlib import Path

from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.lines import lines

__all__ = ["rows"]


def rows(path: Path) -> tuple[Example, ...]:
    """The rows of a file with lines `input TAB output [TAB output ...]`, in order.

    Raises `UserError` with file and line number for a line without a tab, an empty output, or bytes that are not UTF-8.
    """
    return tuple(_row(text, where) for where, text in lines(path))


def _row(text: str, where: str) -> Example:
    source, *outputs = text.split("\t")
    if not outputs:
        shown = text if len(text) <= 40 else text[:40] + "..."
        raise UserError(f"{where}: no tab in '{shown}'; expected input TAB output [TAB output ...]")
    if not all(output.strip() for output in outputs):
        raise UserError(f"{where}: an output is empty; expected input TAB output [TAB output ...]")
    return Example(source, tuple(outputs))
