"""A method as plain settings that a file can hold, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from deltalab.delta.method import Method
from deltalab.errors import UserError
from deltalab.trust import named

__all__ = ["make", "settings"]


def settings(method: Method) -> dict[str, Any]:
    """`_target_` and every argument of a method but its learning rate, which is no part of what it is."""
    assert dataclasses.is_dataclass(method)
    kind = type(method)
    given = {field.name: getattr(method, field.name) for field in dataclasses.fields(method) if field.name != "lr"}
    return {"_target_": f"{kind.__module__}.{kind.__qualname__}"} | {key: _plain(value) for key, value in given.items()}


def make(given: Mapping[str, Any]) -> Method:
    """The method that settings describe; raises `UserError` where they describe none."""
    target = given.get("_target_")
    try:
        kind = named(str(target))
    except (ImportError, AttributeError, ValueError, UserError) as error:
        raise UserError(f"_target_={target}: {error}") from error
    if not (isinstance(kind, type) and issubclass(kind, Method)):
        raise UserError(f"_target_={target}: no delta method, such as deltalab.delta.lora.Lora")
    try:
        return kind(**{key: value for key, value in given.items() if key != "_target_"})
    except TypeError as error:
        raise UserError(f"_target_={target}: {error}") from error


def _plain(value: object) -> object:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
