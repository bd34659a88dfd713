"""A frozen language model, its tokenizer and the roles of its submodules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import final

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from deltalab.backbone.family import Family
from deltalab.backbone.site import ROLES, Site
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

    def with_model(self, model: PreTrainedModel) -> Backbone:
        """The same but for the model, which has the same modules."""
        return Backbone(model, self._tokenizer, self.family, self.source)

    @property
    def pad_id(self) -> int:
        """The token that fills up rows."""
        return int(self.model.config.pad_token_id or 0)

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        """The tokenizer; a backbone built for timing may have none."""
        if self._tokenizer is None:
            raise UserError(f"backbone '{self.source}' has no tokenizer: only a model with one can read text")
        return self._tokenizer

    @property
    def mask_id(self) -> int:
        """The token that a masked model fills in."""
        return self._token("mask_token_id")

    @property
    def closing_id(self) -> int:
        """The token that ends an answer."""
        tokenizer = self.tokenizer
        return self._token("sep_token_id" if tokenizer.eos_token_id is None else "eos_token_id")

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

    def core(self, site: Site) -> Site:
        """The module of an attention block that calls the attention function, as a site of the same role."""
        return replace(site, path=self.family.core(site.path))

    def heads(self, site: Site) -> tuple[int, int]:
        """(number of key heads, numbers per head) of the attention module at a site."""
        return self.family.heads(self.module(site))

    def sites(
        self, roles: Iterable[str], sides: Iterable[str] | None = None, layers: Iterable[int] | None = None
    ) -> list[Site]:
        """The sites of some roles (`*` matches any letters, as in `*.q`), in module order.

        Raises `UserError` for a role that no family has, a side or layer that the backbone does not have, and where
        nothing is left. A role of the other side or of other families, such as `cross.q` on an encoder, merely adds
        nothing.
        """
        wanted = list(roles)
        on_sides = None if sides is None else set(sides)
        in_layers = None if layers is None else set(layers)
        own = {site.role for site in self._sites}
        self._known("role", [role for role in wanted if not _shared(role)], own)
        self._known("side", on_sides or (), {site.side for site in self._sites})
        self._known("layer", map(str, in_layers or ()), {str(site.layer) for site in self._sites} - {"None"})
        found = [
            site
            for site in self._sites
            if any(fnmatchcase(site.role, role) for role in wanted)
            and (on_sides is None or site.side in on_sides)
            and (in_layers is None or site.layer in in_layers)
        ]
        if not found:
            narrowed = " and ".join(
                f"{kind} {'all' if chosen is None else sorted(chosen)}"
                for kind, chosen in (("sides", on_sides), ("layers", in_layers))
            )
            raise UserError(f"{self._where}: roles {wanted} match nothing on {narrowed}")
        return found

    def _token(self, name: str) -> int:
        token = getattr(self.tokenizer, name)
        if token is None:
            raise UserError(f"{self._where}: its tokenizer has no {name.removesuffix('_id')}")
        return int(token)

    @property
    def _where(self) -> str:
        return f"backbone '{self.source}' (family {self.family.name})"

    def _known(self, kind: str, wanted: Iterable[str], known: set[str]) -> None:
        for name in wanted:
            if not any(fnmatchcase(one, name) for one in known):
                raise unknown(kind, name, known, self._where)


def _shared(pattern: str) -> bool:
    return any(fnmatchcase(role, pattern) for role in ROLES)
