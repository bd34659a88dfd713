"""A subspace on disk: its tensors in one safetensors file, beside a card that says what they are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from deltalab.atomic import atomic
from deltalab.delta.method import Delta
from deltalab.delta.solution import vector_hash, write_tensors
from deltalab.errors import UserError
from deltalab.subspace.card import Card
from deltalab.subspace.form import blank_down, make_up
from deltalab.subspace.subspace import Projector, Subspace

__all__ = ["Kept", "load", "save"]

_CARD, _TENSORS, _CODES = "subspace.json", "subspace.safetensors", "codes"


class Kept(NamedTuple):
    """What a folder held: the subspace, the facts that joined its card, and the codes (d,) of tasks by name."""

    subspace: Subspace
    facts: dict[str, Any]
    codes: dict[str, Tensor]


def save(subspace: Subspace, folder: Path, facts: Mapping[str, Any], codes: Mapping[str, Tensor] | None = None) -> None:
    """Write the folder; each file appears whole or not at all, the card last.

    `facts` join the card; `codes` are those of training tasks (d,), to start new ones from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    codes = codes or {}
    tensors = _held(subspace)
    if codes:
        tensors[_CODES] = torch.stack(list(codes.values())).view(len(codes), subspace.dim)
    with atomic(folder / _CARD) as card, atomic(folder / _TENSORS) as numbers:  # the last one appears first
        write_tensors(numbers, tensors)
        card.write_text(Card.of(subspace, _hash(numbers), list(codes), facts).text())


def load(folder: Path, deltas: Mapping[str, Delta]) -> Kept:
    """Read a folder for deltas by name, nothing in it to be trained.

    Raises `UserError` where the folder is missing, damaged, or made for another backbone or other deltas.
    """
    card = Card.read(folder / _CARD)
    card.check(folder, deltas)
    tensors = _read(folder / _TENSORS, card.tensors)
    try:
        codes = tensors.pop(_CODES, torch.zeros(0, card.dim)).view(-1, card.dim)
        named = dict(zip(card.codes, codes, strict=True))
        subspace = Subspace(card.dim, {entry["name"]: _blank(card, entry, deltas) for entry in card.methods})
        _fill(subspace, card, tensors)
    except (ValueError, TypeError, RuntimeError, UserError) as error:
        told = str(error).splitlines()[0]
        raise UserError(f"subspace {folder / _CARD}: does not fit the numbers in {_TENSORS} ({told})") from error
    return Kept(subspace.requires_grad_(False), dict(card.facts), named)


def _held(subspace: Subspace) -> dict[str, Tensor]:
    """Every tensor by name; those of a module that two modules share once."""
    return {
        name: tensor
        for prefix, module in subspace.named_modules()
        for owned in (module.named_parameters, module.named_buffers)
        for name, tensor in owned(prefix, recurse=False)
    }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, expected: str) -> dict[str, Tensor]:
    try:
        found = _hash(path)
        if found != expected:
            raise UserError(f"subspace {path}: the file has hash {found[:12]}, its card says {expected[:12]}")
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise UserError(f"subspace {path}: cannot be read ({error})") from error


def _blank(card: Card, entry: Mapping[str, Any], deltas: Mapping[str, Delta]) -> Projector:
    """The projector of an entry before its numbers are filled in."""
    delta = deltas[entry["name"]]
    up = make_up(entry["up"], torch.zeros(delta.size), card.dim, 0.0, torch.Generator())
    return Projector(delta, up, None if entry["down"] is None else blank_down(entry["down"], up, card.dim))


@torch.no_grad()
def _fill(subspace: Subspace, card: Card, tensors: Mapping[str, Tensor]) -> None:
    """Copy the tensors in; `ValueError` where they are not those of the card."""
    held = _held(subspace)
    if other := sorted(set(held) ^ set(tensors)):
        raise ValueError(f"{other[0]} is only in one of them")
    for name, tensor in held.items():
        if tensor.shape != tensors[name].shape:
            raise ValueError(f"{name} has shape {tuple(tensors[name].shape)}, not {tuple(tensor.shape)}")
        tensor.copy_(tensors[name])
    for entry in card.methods:
        if vector_hash(subspace[entry["name"]].up.theta0) != entry["theta0"]:
            raise ValueError(f"theta0 of '{entry['name']}' has another hash")
