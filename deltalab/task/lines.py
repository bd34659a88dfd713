"""Lines of a text file, with their place for error messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from deltalab.errors import UserError

__all__ = ["encoded", "lines"]


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line as (`file:number`, text): UTF-8, only the line's end removed (LF or CR LF), a byte order mark skipped.

    Raises `UserError` with file and line number for bytes that are not UTF-8.
    """
    with path.open("rb") as file:
        for count, raw in enumerate(file, start=1):
            where = f"{path}:{count}"
            if count == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            try:
                yield where, raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
            except UnicodeDecodeError as error:
                raise UserError(f"{where}: not UTF-8 at byte {error.start + 1} of the line") from error


def encoded(text: str, where: str) -> str:
    """The text, if it can be written as UTF-8: an escape of JSON may be half a character. `UserError` otherwise."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UserError(
            f"{where}: half a character, {text[error.start : error.end]!r}, at {error.start + 1}"
        ) from error
    return text
