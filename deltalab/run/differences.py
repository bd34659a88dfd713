"""Where two descriptions of a run differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["differences"]


def differences(theirs: Any, ours: Any, place: str = "") -> Iterable[tuple[str, Any, Any]]:  # noqa: ANN401
    """Each place where two descriptions differ, with what stands there; first what says it in words."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys(), key=lambda key: (key != "what", key)):
            yield from differences(theirs.get(key), ours.get(key), f"{place}.{key}".strip("."))
    elif _tables(theirs) and _tables(ours) and len(theirs) == len(ours):
        for one, other in zip(theirs, ours, strict=True):
            yield from differences(one, other, place)
    elif theirs != ours:
        yield place, *(_shown(value) for value in (theirs, ours))


def _tables(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _shown(value: Any) -> Any:  # noqa: ANN401
    return len(value) if _tables(value) else value
