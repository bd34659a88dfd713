"""A run's settings in one flat table, as W&B searches and groups them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["flat", "searchable", "stage"]


def flat(settings: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Nested settings by dotted key: {"a": {"b": 1}} is {"a.b": 1}; lists and empty groups stay as they are."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        inner = isinstance(value, Mapping) and bool(value)
        found |= flat(value, f"{above}{key}.") if inner else {f"{above}{key}": value}
    return found


def searchable(settings: Mapping[str, Any], delta: str | None) -> dict[str, Any]:
    """The settings, flat, and on top what runs are compared by: task, delta, stage, seed, lr and d."""
    rate = (settings.get("optimizer") or {}).get("lr")
    top = {
        "task": (settings.get("task") or {}).get("name"),
        "delta": delta,
        "stage": stage(settings),
        "seed": settings.get("seed"),
        "lr": (settings.get("delta") or {}).get("lr") if rate is None else rate,
        "d": (settings.get("subspace") or {}).get("dim"),
    }
    return {**flat(settings), **{key: value for key, value in top.items() if value is not None}}


def stage(settings: Any) -> str:  # noqa: ANN401 - a mapping, or a config that is none
    """The name of the function that carries the run out."""
    return str(settings.get("run")).rpartition(".")[2]
