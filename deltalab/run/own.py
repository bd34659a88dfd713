"""Code that is not deltalab's, as far as it determines what a run finds."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deltalab.trust import PACKAGES, named

__all__ = ["code", "codes"]

_LENGTH = 16


def code(one: object) -> dict[str, str]:
    """The class of an object of the user's own and a hash of the file it is in; nothing for one of deltalab's."""
    kind = type(one)
    if kind.__module__.partition(".")[0] == "deltalab":
        return {}
    told = {"class": f"{kind.__module__}.{kind.__qualname__}"}
    found = _hash(kind.__module__)
    return told if found is None else {**told, "code": found}


def codes(settings: object) -> dict[str, str | None]:
    """By every `_target_` in nested settings that is the user's own: a hash of the file it is in, None without one.

    Raises what `deltalab.trust.named` does for a target that is none.
    """
    own = {target for target in _targets(settings) if target.partition(".")[0] not in PACKAGES}
    return {target: _hash(named(target).__module__) for target in sorted(own)}


def _targets(settings: object) -> Iterator[str]:
    inner: Sequence[Any] = ()
    if isinstance(settings, Mapping):
        inner = [*settings.values()]
        if "_target_" in settings:
            yield str(settings["_target_"])
    elif isinstance(settings, list | tuple):
        inner = settings
    for one in inner:
        yield from _targets(one)


def _hash(module: str) -> str | None:
    """Of the file that a module was read from."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return None if file is None else hashlib.sha256(Path(file).read_bytes()).hexdigest()[:_LENGTH]
