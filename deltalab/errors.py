"""The one exception that stands for a user's mistake."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

__all__ = ["UserError", "member", "nearest", "one_of", "unknown"]

T = TypeVar("T")


class UserError(Exception):
    """A mistake of the user: one line that names the value, what is allowed and where; exit code 2, no traceback."""


def nearest(word: str, allowed: Iterable[str], count: int = 3) -> list[str]:
    """The allowed words most like `word`, best first."""
    return difflib.get_close_matches(word, list(allowed), n=count, cutoff=0.3)


def unknown(kind: str, value: object, allowed: Iterable[str], where: str) -> UserError:
    """The error for a value outside a closed list, with the nearest members first."""
    names = sorted(allowed)
    close = nearest(str(value), names)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    return UserError(f"{where}: unknown {kind} '{value}'; {hint}allowed: {', '.join(names)}")


def one_of(kind: str, value: str, allowed: Collection[str], where: str) -> None:
    """Nothing, where a value is in a closed list; raises the `unknown` error where it is not."""
    if value not in allowed:
        raise unknown(kind, value, allowed, where)


def member(kind: str, name: str, table: Mapping[str, T], where: str) -> T:
    """The entry of a table; raises the `unknown` error where it has none of that name."""
    one_of(kind, name, table, where)
    return table[name]
