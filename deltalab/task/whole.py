"""Whole numbers that a user types."""

from __future__ import annotations

from deltalab.errors import UserError

__all__ = ["whole"]


def whole(value: object, least: int, where: str) -> int:
    """`value` itself; a `UserError` that names `where` when it is no integer or lies below `least`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UserError(f"{where}: '{value}' is not allowed; allowed: a whole number of at least {least}")
    return value
