"""Whose code a config or a file may name: that of a few packages, and of those that a user adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

from deltalab.errors import UserError

__all__ = ["PACKAGES", "named", "trust"]

PACKAGES = ("deltalab", "lightning", "torch", "torchmetrics", "transformers")
_also: set[str] = set()


def trust(packages: Iterable[object]) -> None:
    """Add these packages for this process, in place of those added before; raises `UserError` for what is no name."""
    given = list(packages)
    for name in given:
        if not isinstance(name, str) or not name.isidentifier():
            raise UserError(f"allow={name}: the name of a package, such as allow=[mypackage]")
    _also.clear()
    _also.update(map(str, given))


def named(path: str) -> Any:  # noqa: ANN401
    """What a dotted path names, in a trusted package and written there.

    Raises `UserError` before anything of another package is imported, and `ImportError`, `AttributeError` or
    `ValueError` where there is nothing of that name.
    """
    if not re.fullmatch(r"\w+(\.\w+)*", path):
        raise ValueError("is no dotted path")
    _refuse(path.partition(".")[0])
    found = _resolved(path)
    # A module shows what it imports as well: torch.os.system is not torch's.
    home = found.__name__ if isinstance(found, ModuleType) else _home(found)
    _refuse(home.partition(".")[0])
    return found


def _resolved(path: str) -> Any:  # noqa: ANN401
    """As Hydra does: what a package itself gives a name to hides a module of that name inside it."""
    first, *rest = path.split(".")
    found: Any = import_module(first)
    for place, name in enumerate(rest):
        if not hasattr(found, name) and isinstance(found, ModuleType):
            import_module(".".join([first, *rest[: place + 1]]))
        found = getattr(found, name)
    return found


def _home(found: Any) -> str:  # noqa: ANN401
    """The module in which a class, a function or the class of an object is written."""
    owner = getattr(found, "__self__", None)
    written = getattr(found, "__module__", None)
    if owner is not None and not isinstance(owner, ModuleType):  # a method goes by what it belongs to
        written = getattr(owner, "__module__", None) or type(owner).__module__
    return str(written or type(found).__module__)


def _refuse(package: str) -> None:
    if package not in PACKAGES and package not in _also:
        trusted = ", ".join(sorted({*PACKAGES, *_also}))
        raise UserError(
            f"code of '{package}' is not run; allowed: {trusted}; a package of your own by allow=[{package}]"
        )
