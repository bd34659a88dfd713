"""A method as plain data that a card can hold, whatever files it was read from, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deltalab.delta.chosen import Structure
from deltalab.delta.method import Method
from deltalab.delta.settings import make, settings
from deltalab.delta.structure import FromStructure, OfStructure
from deltalab.errors import UserError

__all__ = ["described", "description"]


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
