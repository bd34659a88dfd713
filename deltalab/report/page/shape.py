"""What the page reads of a record, and the one sentence that tells where a file says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, final

__all__ = ["RECORD", "STAGES", "misfit"]


@final
class Maybe(NamedTuple):
    """A value of this shape, or null, or none at all."""

    inner: Any


@final
class Each(NamedTuple):
    """A mapping whose keys are free and whose values are all of this shape."""

    inner: Any


_NAMES = {str: "a text", float: "a number", int: "a whole number", dict: "a mapping", list: "a list"}
_SCORE = Maybe({"value": float})
_JOB = {
    "delta": str,
    "seed": int,
    "parameters": int,
    "share_of_backbone": float,
    "dev": _SCORE,
    "test": _SCORE,
}
_MOVED = {"source": str, "seed": int, "dev": Maybe(float), "test": Each(float)}
_TASK = {"name": str, "fingerprint": str}
_TABLE = Each(Each(Maybe(float)))

RECORD = {
    "format": int,
    "stage": str,
    "seconds": float,
    "chip": str,
    "revision": Maybe(str),
    "peak_memory_mb": float,
    "backbone": {"source": str, "weights": str, "parameters": int},
    "versions": Each(str),
    "config": {"name": Maybe(str)},
}
"""What every record holds."""

STAGES: Mapping[str, Any] = {
    "tune": {"task": _TASK, "metric": str, "majority": float, "jobs": [_JOB]},
    "search": {
        "task": _TASK,
        "metric": str,
        "majority": float,
        "jobs": [_JOB],
        "choice": str,
        "budget": Maybe({"ppm": float, "unit": str, "amount": float}),
        "structure": {"units": int, "parameters": int, "ppm": float, "methods": Each(Each(int))},
        "search": dict,
    },
    "optimize": {
        "task": _TASK,
        "metric": str,
        "majority": float,
        "dim": int,
        "kind": Maybe(str),
        "methods": [str],
        "e_orig": Each(float),
        "e_full": Maybe(float),
        "e_sub": _TABLE,
        "e_rel": _TABLE,
        "jobs": [_MOVED],
    },
    "approximate": {
        "dim": int,
        "methods": [str],
        "tasks": [{"name": str, "metric": str, "points": Each(Each(float)), "e_orig": Each(float)}],
        "history": [{"step": int, "distance": Each(float), "relative_error": Each(float)}],
        "landscape": Maybe(dict),
    },
}
"""What the records of each stage hold beside that."""


def misfit(value: Any, shape: Any, where: str = "") -> str | None:  # noqa: ANN401
    """The first place at which a value is not of a shape, and what belongs there; None where all of it fits."""
    if isinstance(shape, Maybe):
        return None if value is None else misfit(value, shape.inner, where)
    kind = _kind(shape)
    if not _is(value, kind):
        return f"{where} is {_shown(value)}, must be {_NAMES[kind]}"
    return next(
        (told for inner, part, place in _parts(value, shape, where) if (told := misfit(inner, part, place))), None
    )


def _parts(value: Any, shape: Any, where: str) -> Iterator[tuple[Any, Any, str]]:  # noqa: ANN401
    if isinstance(shape, dict):
        for key, part in shape.items():
            yield value.get(key), part, f"{where}.{key}".lstrip(".")
    elif isinstance(shape, Each):
        for key, inner in value.items():
            yield inner, shape.inner, f"{where}.{key}"
    elif isinstance(shape, list):
        for i, inner in enumerate(value):
            yield inner, shape[0], f"{where}[{i}]"


def _kind(shape: Any) -> type:  # noqa: ANN401
    if isinstance(shape, dict | Each):
        return dict
    return list if isinstance(shape, list) else shape


def _is(value: Any, kind: type) -> bool:  # noqa: ANN401
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float if kind is float else kind)


def _shown(value: Any) -> str:  # noqa: ANN401
    text = "missing" if value is None else repr(value)
    return text if len(text) < 40 else f"{text[:36]} ..."
