"""Structures in the JSON form of *Sparse Structure Search* (arXiv 2206.07382) as structure files.

The form is a list of stages, each {end of a module path: {"parallel" | "sequential": {type: arguments}}}: what is
parallel reads a module's input, what is sequential its output.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.backbone.site import Site
from deltalab.delta.adapter import Adapter
from deltalab.delta.bitfit import BitFit
from deltalab.delta.chosen import Structure
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.method import Method
from deltalab.errors import UserError
from deltalab.interop.cover import Group, chosen

__all__ = ["published_structure", "t5_large"]


class _Form(NamedTuple):
    """A published type: where it may be inserted, its arguments by our names, and the method it is."""

    inserted: tuple[str, ...]
    arguments: Mapping[str, str]
    make: Callable[[Sequence[str], Mapping[str, Any]], Method]


_FORMS = {
    "Lora": _Form(
        ("parallel",),
        {"lora_r": "rank", "lora_alpha": "alpha", "lora_dropout": "dropout"},
        lambda roles, given: Lora(roles=roles, **given),
    ),
    "BitFitParallel": _Form(("parallel", "sequential"), {}, lambda roles, given: BitFit(roles=roles)),
    "LNFit": _Form(("parallel",), {}, lambda roles, given: LNFit(roles=roles)),
    "LowRankAdapter": _Form(
        ("sequential",),
        {"reduction_factor": "reduction", "non_linearity": "activation", "low_rank_rank": "rank"},
        lambda roles, given: LowRankAdapter(roles=roles, start="s3", **given),
    ),
    "Adapter": _Form(
        ("sequential",),
        {"bottleneck_dim": "size", "non_linearity": "activation"},
        lambda roles, given: Adapter(start="s3", **{"activation": "gelu_new", **given}),
    ),
}


class _Entry(NamedTuple):
    """One type with its arguments at the modules whose path ends so."""

    end: str
    inserted: str
    kind: str
    given: Mapping[str, Any]


def published_structure(path: Path, backbone: Backbone) -> Structure:
    """The units that a file chooses on a backbone.

    Raises `UserError` for a file of another form, and for one that chooses nothing or what has no counterpart, all of
    it named.
    """
    places: dict[tuple[str, str], dict[str, Site]] = {}
    refused = []
    for entry in _entries(path):
        found = {site.path: site for site in backbone.sites(("*",)) if f".{site.path}".endswith(f".{entry.end}")}
        if (why := _fault(entry, found)) is not None:
            refused.append(why)
        else:
            places.setdefault((entry.kind, json.dumps(entry.given, sort_keys=True)), {}).update(found)
    if refused:
        raise UserError(f"structure {path}: no counterpart for {'; '.join(refused)}")
    if not places:
        raise UserError(f"structure {path}: chooses nothing; full fine-tuning is delta=full")
    groups: dict[str, Group] = {}
    for (kind, given), sites in places.items():
        method = _method(path, kind, json.loads(given), tuple(dict.fromkeys(site.role for site in sites.values())))
        name = type(method).__name__.lower().replace("lowrankadapter", "low_rank_adapter")
        repeats = sum(known.split("-")[0] == name for known in groups)
        groups[f"{name}-{repeats + 1}" if repeats else name] = Group(method, sites)
    return chosen(backbone, groups, {"published": path.name})


def _entries(path: Path) -> Iterator[_Entry]:
    try:
        stages = json.loads(path.read_text(encoding="utf-8"))
        for stage in stages:
            for end, inserted in stage.items():
                for where, kinds in inserted.items():
                    for kind, given in kinds.items():
                        yield _Entry(end, where, kind, dict(given))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UserError(f"structure {path}: not in the published JSON form ({error})") from error


def _fault(entry: _Entry, found: Mapping[str, Site]) -> str | None:
    """Why an entry has no counterpart, if it has none."""
    form, what = _FORMS.get(entry.kind), f"{entry.kind} at {entry.end}"
    if form is None:
        return f"{what} (known: {', '.join(_FORMS)})"
    if entry.inserted not in form.inserted:
        return f"{what}, {entry.inserted} (known: {' or '.join(form.inserted)})"
    if other := sorted(set(entry.given) - set(form.arguments)):
        return f"{what}, {other[0]} (known: {', '.join(form.arguments) or 'none'})"
    return None if found else f"{what} (the backbone has no such module)"


def _method(path: Path, kind: str, given: Mapping[str, Any], roles: Sequence[str]) -> Method:
    form = _FORMS[kind]
    try:
        return form.make(roles, {form.arguments[key]: value for key, value in given.items()})
    except (UserError, TypeError) as error:
        raise UserError(f"structure {path}: {kind} {json.dumps(given)}: {error}") from error


def t5_large() -> Backbone:
    """The shape of the backbone that the published structures were found on, without weights."""
    shape = T5Config(vocab_size=32100, d_model=1024, d_kv=64, d_ff=4096, num_layers=24, num_heads=16)
    with torch.device("meta"):
        model = T5ForConditionalGeneration(shape)
    return Backbone(model, None, t5(), "t5-large")
