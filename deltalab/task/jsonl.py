"""Rows as one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.lines import encoded, lines

__all__ = ["rows"]

SHAPE = 'expected {"input": text, "output": text} or {"input": text, "outputs": [text, ...]}'


def rows(path: Path) -> tuple[Example, ...]:
    """The rows of a file with one object a line: `input`, and `output` (a text) or `outputs` (a list of texts).

    Other keys are ignored. Raises `UserError` with file and line number for a line that is no such object.
    """
    return tuple(_row(text, where) for where, text in lines(path))


def _row(text: str, where: str) -> Example:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise UserError(f"{where}: not JSON ({error}); {SHAPE}") from error
    if not isinstance(found, dict):
        raise UserError(f"{where}: not an object; {SHAPE}")
    if not isinstance(found.get("input"), str):
        raise UserError(f"{where}: 'input' is missing or no text; {SHAPE}")
    return Example(encoded(found["input"], where), _outputs(found, where))


def _outputs(found: dict[str, Any], where: str) -> tuple[str, ...]:
    if ("output" in found) == ("outputs" in found):
        raise UserError(f"{where}: needs either 'output' or 'outputs'; {SHAPE}")
    outputs = found["outputs"] if "outputs" in found else [found["output"]]
    if not isinstance(outputs, list) or not outputs:
        raise UserError(f"{where}: 'outputs' is no list or empty; {SHAPE}")
    for output in outputs:
        if not isinstance(output, str) or not output.strip():
            raise UserError(f"{where}: output {output!r} is empty or no text; {SHAPE}")
    return tuple(encoded(output, where) for output in outputs)
