"""Check the settings of an object against the signature of what they build, before anything is built."""

from __future__ import annotations

import collections.abc
import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from deltalab.errors import UserError, unknown

__all__ = ["check"]

_NAMES = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", type(None): "null"}
_LISTS = (collections.abc.Sequence, collections.abc.Iterable, list, tuple)
_OPEN = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def check(where: str, settings: Mapping[str, Any], target: Callable[..., Any], late: Sequence[str] = ()) -> None:
    """Raise `UserError` for a key that `target` does not take, one it lacks, or a value of another type than it says.

    `late` are arguments that are given when the object is built, not by settings.
    """
    parameters = inspect.signature(target).parameters
    hints = typing.get_type_hints(target.__init__ if inspect.isclass(target) else target)
    named = [name for name, parameter in parameters.items() if parameter.kind not in _OPEN]
    allowed = [name for name in named if name not in late and name != "self"]
    anything = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values())
    for key, value in settings.items():
        if key not in allowed and not anything:
            raise unknown("key", key, allowed, where)
        hint = hints.get(key, Any)
        if not _builds(value) and not (_fits(value, hint) and (value is not None or _takes_null(hint))):
            raise UserError(f"{where}.{key}={_shown(value)}: must be {_described(hint)}")
    for name in allowed:
        if parameters[name].default is inspect.Parameter.empty and name not in settings:
            raise UserError(f"{where}.{name}: needs a value; give {where}.{name}=...")


def _builds(value: Any) -> bool:  # noqa: ANN401
    """Whether a setting describes an object of its own."""
    return isinstance(value, Mapping) and "_target_" in value


def _fits(value: Any, hint: Any) -> bool:  # noqa: ANN401
    """Whether a plain value fits a type hint; hints that say nothing about plain values always fit."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, one) for one in _spoken(inner))
    if origin is typing.Literal:
        return value in inner
    if hint in _NAMES:
        return _is(value, hint)
    container = origin or hint
    if inspect.isclass(container) and issubclass(container, Mapping):
        return isinstance(value, Mapping) and all(_fits(v, inner[1]) for v in value.values() if len(inner) == 2)
    if container in _LISTS:
        listed = isinstance(value, Sequence) and not isinstance(value, str)
        return listed and all(_fits(v, inner[0]) for v in value if inner)
    return True


def _takes_null(hint: Any) -> bool:  # noqa: ANN401
    """Whether null may stand for a hint that it fits: not for an object, where nothing else is named."""
    return hint in (Any, type(None)) or not inspect.isclass(hint)


def _spoken(hints: Sequence[Any]) -> Sequence[Any]:
    """Of alternatives, those that a setting can be: no tensor and no other object that only code can make."""
    plain = (*_NAMES, *_LISTS)
    return [
        one for one in hints if one in plain or not inspect.isclass(one) or issubclass(one, Mapping | PathLike)
    ] or hints


def _is(value: Any, hint: Any) -> bool:  # noqa: ANN401
    if isinstance(value, bool):
        return hint is bool
    if hint is float:
        return isinstance(value, int | float)
    return isinstance(value, hint)


def _described(hint: Any) -> str:  # noqa: ANN401
    inner = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_described(one) for one in _spoken(inner)))
    if origin is typing.Literal:
        return " or ".join(dict.fromkeys(map(str, inner)))
    container = origin or hint
    if container in _LISTS:
        return f"a list, each {_described(inner[0])}" if inner else "a list"
    if inspect.isclass(container) and (issubclass(container, Mapping) or container.__module__.startswith("deltalab.")):
        return "a group of keys"
    return _NAMES.get(hint, getattr(hint, "__name__", str(hint)))


def _shown(value: Any) -> str:  # noqa: ANN401
    return "null" if value is None else str(value)
