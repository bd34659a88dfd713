"""The texts to answer: from a file by its ending, or from a stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from deltalab.errors import UserError, one_of
from deltalab.task.lines import encoded, lines

__all__ = ["from_file", "from_lines"]


def from_file(path: Path) -> Iterator[str]:
    """Inputs of a file: every line of `.txt`, the first column of `.tsv`, `input` of `.jsonl`; empty lines are none.

    Raises `UserError` for another ending, no file, bytes that are not UTF-8, or an object without a text `input`.
    """
    one_of("ending", path.suffix, _READ, f"--file {path}")
    if not path.is_file():
        raise UserError(f"--file {path}: no such file")
    read = _READ[path.suffix]
    return (read(text, where) for where, text in lines(path) if text.strip())


def from_lines(given: Iterable[str]) -> Iterator[str]:
    """Every line that is not empty."""
    return (text for line in given if (text := line.rstrip("\r\n")).strip())


def _line(text: str, where: str) -> str:
    return text


def _first(text: str, where: str) -> str:
    return text.split("\t")[0]


def _input(text: str, where: str) -> str:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise UserError(f"{where}: not JSON ({error}); expected {{'input': text}}") from error
    if not isinstance(found, dict) or not isinstance(found.get("input"), str):
        raise UserError(f"{where}: 'input' is missing or no text; expected {{'input': text}}")
    return encoded(found["input"], where)


_READ: dict[str, Callable[[str, str], str]] = {".txt": _line, ".tsv": _first, ".jsonl": _input}
