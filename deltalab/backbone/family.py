"""A model family: which submodule of it plays which role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import final

from torch import nn

from deltalab.backbone.architecture.architecture import Architecture
from deltalab.backbone.site import Site

__all__ = ["Family"]


def _same(path: str) -> str:
    return path


@final
@dataclass(frozen=True)
class Family:
    """A table of roles for the models whose config names one of `model_types`.

    `patterns` maps a role to a regular expression over dotted module paths, with the optional named groups `side` (else
    it is `side`) and `layer`. `heads` gives (number of key heads, numbers per head) of an attention module, `core` the
    path of the module that calls the attention function from that of the block. `parts` names the roles that are played
    by the i-th of n parts of a module's output. `overflows` says that the models break in float16.
    """

    name: str
    model_types: tuple[str, ...]
    patterns: Mapping[str, str]
    heads: Callable[[nn.Module], tuple[int, int]]
    architecture: Architecture
    side: str = "decoder"
    core: Callable[[str], str] = _same
    parts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    overflows: bool = False

    def sites(self, paths: Iterable[str]) -> list[Site]:
        """Every site among the module paths, in the order of the paths; a module may play several roles."""
        compiled = {role: re.compile(pattern) for role, pattern in self.patterns.items()}
        return [
            self._site(role, path, match.groupdict())
            for path in paths
            for role, pattern in compiled.items()
            if (match := pattern.fullmatch(path))
        ]

    def _site(self, role: str, path: str, groups: Mapping[str, str | None]) -> Site:
        layer = groups.get("layer")
        side = groups.get("side") or self.side
        return Site(role, side, None if layer is None else int(layer), path, self.parts.get(role))
