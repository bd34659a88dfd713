"""PEFT adapters as solutions."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.linear import linear_widths
from deltalab.backbone.site import Site
from deltalab.delta.ia3 import IA3
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta, Method
from deltalab.errors import UserError, member
from deltalab.interop.adapter import PREFIX, Adapter
from deltalab.interop.cover import Group, covering, narrowed
from deltalab.interop.virtual import KIND, imported_prompt

__all__ = ["imported"]

_CHANGES = ("use_dora", "layer_replication", "alora_invocation_tokens", "use_qalora")
"""Settings of a LoRA adapter under which it is another function."""

_PARTS = {"LORA": ("lora_A.weight", "lora_B.weight"), "IA3": ("ia3_l",), KIND: ()}


def imported(adapter: Adapter, backbone: Backbone) -> tuple[Delta, Tensor]:
    """A delta and the theta (D,) with which it changes the backbone as the adapter does.

    A prompt, and LoRA and IA3 at all places of some roles, sides and layers, become just that, others a structure.
    Raises `UserError` for another kind of adapter, what it holds besides, and modules that the backbone does not have.
    """
    kinds = member("kind of adapter", adapter.kind, _PARTS, "adapter")
    if adapter.kind == KIND:
        return imported_prompt(adapter, backbone)
    for key in _CHANGES:
        if adapter.config.get(key):
            raise UserError(f"adapter: {key}={adapter.config[key]} is no plain LoRA; allowed: LoRA and IA3")
    tensors, sites = _by_site(_by_module(adapter, kinds), backbone)
    groups = (_low_rank if adapter.kind == "LORA" else _scales)(backbone, adapter.config, tensors, sites)
    delta = covering(backbone, groups).bind(backbone, adapter.kind.lower())
    named = {}
    for unit in delta.units:
        for spec, value in zip(unit.specs, tensors[unit.site.name].values(), strict=True):
            if value.shape not in (spec.shape, (1, *spec.shape), (*spec.shape, 1)):  # scales come as (1, in), (out, 1)
                raise UserError(
                    f"adapter: {unit.site.name} has a tensor of shape {tuple(value.shape)}, this backbone {spec.shape}"
                )
            named[spec.name] = value.float().reshape(spec.shape)
    return delta, delta.layout.flatten(named)


def _by_module(adapter: Adapter, kinds: tuple[str, ...]) -> dict[str, dict[str, Tensor]]:
    """The tensors of each module path, in the order of `kinds`."""
    found: dict[str, dict[str, Tensor]] = {}
    for name, value in adapter.tensors.items():
        kind = next((kind for kind in kinds if name.endswith(f".{kind}")), None)
        if kind is None or not name.startswith(PREFIX):
            raise UserError(f"adapter: holds {name}, which no LoRA or IA3 here has; allowed: {', '.join(kinds)}")
        found.setdefault(name.removeprefix(PREFIX).removesuffix(f".{kind}"), {})[kind] = value
    for path, parts in found.items():
        if set(parts) != set(kinds):
            raise UserError(f"adapter: {path} has {', '.join(parts)} alone; needed: {', '.join(kinds)}")
    if not found:
        raise UserError("adapter: holds no tensors")
    return {path: {kind: parts[kind] for kind in kinds} for path, parts in found.items()}


def _by_site(
    tensors: Mapping[str, Mapping[str, Tensor]], backbone: Backbone
) -> tuple[dict[str, dict[str, Tensor]], dict[str, Site]]:
    """The tensors and the site of each name; a module whose parts have roles of their own becomes several."""
    found, sites = {}, {}
    for path, given in tensors.items():
        for site in _sites(backbone, path):
            sites[site.name] = site
            found[site.name] = {kind: _share(site, kind, value) for kind, value in given.items()}
    return found, sites


def _share(site: Site, kind: str, value: Tensor) -> Tensor:
    """What of a module's tensor belongs to a site: A is read by all parts, an output's tensor is cut."""
    if site.part is None or kind == "lora_A.weight":
        return value
    return value.chunk(site.part[1])[site.part[0]]


def _sites(backbone: Backbone, path: str) -> list[Site]:
    """The linear map at a path, or its parts."""
    named = [site for site in backbone.sites(("*",)) if site.path == path]
    found = [site for site in named if linear_widths(backbone.module(site)) is not None]
    if not found:
        raise UserError(f"adapter: changes {path}, where backbone '{backbone.source}' has no linear map with a role")
    return [site for site in found if site.part is not None] or found[:1]


def _low_rank(
    backbone: Backbone,
    config: Mapping[str, Any],
    tensors: Mapping[str, Mapping[str, Tensor]],
    sites: Mapping[str, Site],
) -> dict[str, Group]:
    """A group for each rank and alpha."""
    places: dict[tuple[int, float], list[str]] = {}
    for path, parts in tensors.items():
        rank = parts["lora_A.weight"].shape[0]
        alpha = float(_pattern(config.get("alpha_pattern") or {}, path, config.get("lora_alpha", 8)))
        places.setdefault((rank, alpha * math.sqrt(rank) if config.get("use_rslora") else alpha), []).append(path)
    groups = {}
    for i, ((rank, alpha), paths) in enumerate(places.items(), start=1):
        chosen = [sites[path] for path in paths]
        roles = tuple(dict.fromkeys(site.role for site in chosen))
        method = Lora(rank=rank, alpha=alpha, roles=roles, **narrowed(backbone, chosen))
        groups["lora" if i == 1 else f"lora-{i}"] = Group(method, paths)
    return groups


def _scales(
    backbone: Backbone,
    config: Mapping[str, Any],
    tensors: Mapping[str, Mapping[str, Tensor]],
    sites: Mapping[str, Site],
) -> dict[str, Group]:
    """One group; (1, in) scales the input of a module, (out, 1) its output."""
    inputs = {path for path, parts in tensors.items() if parts["ia3_l"].shape[0] == 1}
    roles = [
        tuple(dict.fromkeys(site.role for path, site in sites.items() if (path in inputs) == wanted))
        for wanted in (False, True)
    ]
    if shared := set(roles[0]) & set(roles[1]):
        raise UserError(f"adapter: scales inputs of some modules of role {min(shared)} and outputs of others")
    method: Method = IA3(roles[0], roles[1], **narrowed(backbone, list(sites.values())))
    return {"ia3": Group(method, list(sites))}


def _pattern(patterns: Mapping[str, Any], path: str, default: Any) -> Any:  # noqa: ANN401
    """The value of the first pattern that ends the path, as PEFT matches it."""
    return next((value for key, value in patterns.items() if re.match(rf"^(.*\.)?({key})$", path)), default)
