"""A method as plain data that a card can hold, whatever files it was read from, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deltalab.delta.chosen import Structure
from deltalab.delta.method import Method
from deltalab.delta.settings import make, settings
from deltalab.delta.structure import FromStructure, OfStructure
from deltalab.errors import UserError

__all__ = ["described", "description", "differing"]

_SAME_FUNCTION = ("dropout", "start", "roles", "sides", "layers")
"""Settings that count while theta is tuned, or that the names in a layout tell."""


def description(method: Method) -> dict[str, Any]:
    """The settings of a method; a structure is told in full, since its file may go."""
    if isinstance(method, FromStructure | OfStructure):
        return {"structure": method.structure.content()}
    return {"settings": settings(method)}


def described(content: Mapping[str, Any]) -> Method:
    """The method of a description; raises `UserError` where it describes none."""
    try:
        if "structure" in content:
            return OfStructure(Structure.of_content(content["structure"]))
        return make(content["settings"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"method: damaged or not a description ({' '.join(str(error).split())})") from error


def differing(told: Mapping[str, Any] | None, method: Method | None) -> str | None:
    """What of a description makes another function of theta than a method: "alpha=16, not 64"; None where nothing does.

    Only settings are compared: a structure tells its units, and these the layout.
    """
    if told is None or method is None or "settings" not in told or isinstance(method, FromStructure | OfStructure):
        return None
    theirs, ours = told["settings"], settings(method)
    for key in sorted({*theirs} & {*ours}):
        if key not in _SAME_FUNCTION and theirs[key] != ours[key]:
            return f"{key.strip('_')}={_shown(theirs[key])}, not {_shown(ours[key])}"
    return None


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
