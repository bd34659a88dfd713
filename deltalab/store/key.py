"""The name of a piece of work: a hash of the facts that determine it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

__all__ = ["KEY_LENGTH", "canonical", "content_key"]

KEY_LENGTH = 16


def content_key(facts: Mapping[str, Any]) -> str:
    """The first 16 hex digits of the SHA-256 of `canonical(facts)`; raises `TypeError` as it does."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()[:KEY_LENGTH]


def canonical(facts: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces, floats by `repr`, tuples as lists.

    Raises `TypeError` for a value or a key that JSON does not know, with its place, such as `facts.task.rows[2]`.
    """
    return json.dumps(_plain(facts, "facts"), sort_keys=True, separators=(",", ":"))


def _plain(value: object, where: str) -> object:
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):  # json would write 1 and "1" alike
                raise TypeError(f"{where}: the key {name!r} is {type(name).__name__}, but JSON knows text only")
        return {name: _plain(inner, f"{where}.{name}") for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{where}[{index}]") for index, inner in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise TypeError(f"{where}: JSON does not know {value}")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"{where}: JSON does not know {type(value).__name__}")
