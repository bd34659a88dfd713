"""A frozen language model, its tokenizer and the roles of its submodules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cached_property
from typing import final

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from deltalab.backbone.family import Family
from deltalab.backbone.site import Site
from deltalab.errors import UserError, unknown

__all__ = ["Backbone"]


@final
class Backbone:
    """A stock `transformers` model that no stage ever changes.

    `source` is the hub id or folder it came from. Every parameter is frozen on construction.
    """

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase | None, family: Family, source: str
    ) -> None:
        self.model = model.requires_grad_(False)
        self._tokenizer = tokenizer
        self.family = family
        self.source = source
        self._sites = family.sites(path for path, _ in model.named_modules())

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        """The tokenizer; a backbone built for timing may have none."""
        if self._tokenizer is None:
            raise UserError(f"backbone '{self.source}' has no tokenizer: only a model with one can read text")
        return self._tokenizer

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.model.device

    @property
    def dtype(self) -> torch.dtype:
        """The number format of the weights."""
        return self.model.dtype

    @cached_property
    def num_parameters(self) -> int:
        """Distinct numbers in the backbone, tied weights counted once: the denominator of every budget and table."""
        return sum(parameter.numel() for parameter in self.model.parameters())

    @cached_property
    def weight_hash(self) -> str:
        """SHA-256 over names, shapes and values rounded to bfloat16, so that loading in another dtype keeps it."""
        digest = hashlib.sha256()
        for name, value in sorted(self.model.named_parameters()):
            digest.update(f"{name}{tuple(value.shape)}".encode())
            rounded = value.detach().to("cpu", torch.bfloat16).contiguous()
            digest.update(rounded.view(torch.int16).numpy().tobytes())
        return digest.hexdigest()

    def module(self, site: Site) -> nn.Module:
        """The submodule at a site."""
        return self.model.get_submodule(site.path)

    def heads(self, site: Site) -> tuple[int, int]:
        """(number of heads, numbers per head) of the attention module at a site."""
        return self.family.heads(self.module(site))

    def sites(
        self, roles: Iterable[str], sides: Iterable[str] | None = None, layers: Iterable[int] | None = None
    ) -> list[Site]:
        """The sites of some roles (`*` matches any letters, as in `*.q`), in module order.

        Raises `UserError` where a role matches nothing, or nothing on these sides and layers.
        """
        wanted, sides = list(roles), None if sides is None else set(sides)
        layers = None if layers is None else set(layers)
        found: dict[str, list[Site]] = {role: [] for role in wanted}
        for site in self._sites:
            for role in wanted:
                chosen = (sides is None or site.side in sides) and (layers is None or site.layer in layers)
                if fnmatchcase(site.role, role) and chosen:
                    found[role].append(site)
        for role, sites in found.items():
            if not sites:
                raise self._nothing(role, sides, layers)
        kept = {site for sites in found.values() for site in sites}
        return [site for site in self._sites if site in kept]

    def _nothing(self, role: str, sides: set[str] | None, layers: set[int] | None) -> UserError:
        where = f"backbone '{self.source}' (family {self.family.name})"
        roles = {site.role for site in self._sites}
        if not any(fnmatchcase(known, role) for known in roles):
            return unknown("role", role, roles, where)
        count = 1 + max(site.layer for site in self._sites if site.layer is not None)
        narrowed = f"sides {sorted(sides) if sides else 'all'}, layers {sorted(layers) if layers else 'all'}"
        return UserError(
            f"{where}: role '{role}' matches nothing on {narrowed}; "
            f"allowed: sides encoder and decoder, layers 0 to {count - 1}"
        )
