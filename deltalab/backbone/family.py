"""A model family: which submodule of it plays which role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import final

from torch import nn

from deltalab.backbone.site import Site

__all__ = ["Family"]


@final
@dataclass(frozen=True)
class Family:
    """A table of roles for the models whose config names one of `model_types`.

    `patterns` maps a role to a regular expression over dotted module paths, with the optional named groups `side` (the
    decoder where it is missing) and `layer`. `heads` gives (number of heads, numbers per head) of an attention module.
    """

    name: str
    model_types: tuple[str, ...]
    patterns: Mapping[str, str]
    heads: Callable[[nn.Module], tuple[int, int]]

    def sites(self, paths: Iterable[str]) -> list[Site]:
        """Every site among the module paths, in the order of the paths; a module may play several roles."""
        compiled = {role: re.compile(pattern) for role, pattern in self.patterns.items()}
        return [
            _site(role, path, match.groupdict())
            for path in paths
            for role, pattern in compiled.items()
            if (match := pattern.fullmatch(path))
        ]


def _site(role: str, path: str, groups: Mapping[str, str | None]) -> Site:
    layer = groups.get("layer")
    return Site(role, groups.get("side") or "decoder", None if layer is None else int(layer), path)
