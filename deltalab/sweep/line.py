"""A line at the bottom of a terminal that stays up to date; none where there is no terminal."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TextIO, final

__all__ = ["Line"]

_REFRESH = 1.0  # seconds
_CLEAR = "\r\x1b[2K"


@final
class Line:
    """Drawn on `out` at most once a second, cut to the terminal's width."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._live, self._next = out, out.isatty(), 0.0

    def show(self, text: Callable[[], str]) -> None:
        """Draw it, if it is time to."""
        if self._live and time.monotonic() >= self._next:
            width = shutil.get_terminal_size().columns
            self._write(f"{_CLEAR}{text()[: width - 1]}")
            self._next = time.monotonic() + _REFRESH

    def clear(self) -> None:
        """Make room for other output; it is drawn again at the next occasion."""
        if self._live and self._next:
            self._write(_CLEAR)
            self._next = 0.0

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
