"""The outcome of tuning: a theta, the theta0 it started from, and everything needed to use it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from deltalab.atomic import atomic
from deltalab.delta.description import description, differing
from deltalab.delta.method import Delta
from deltalab.errors import UserError

__all__ = ["Solution", "read_card", "vector_hash", "write_tensors"]

_THETA, _THETA0, _CARD = "theta.safetensors", "theta0.safetensors", "solution.json"
FORMAT = 1


def vector_hash(theta: Tensor) -> str:
    """SHA-256 over the float32 numbers of a vector."""
    return hashlib.sha256(theta.detach().to("cpu", torch.float32).contiguous().numpy().tobytes()).hexdigest()


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """A safetensors file of copies: it takes no tensors that share memory or are views."""
    whole = {n: t.detach().cpu().clone(memory_format=torch.contiguous_format) for n, t in tensors.items()}
    save_file(whole, path)


@final
@dataclass(frozen=True)
class Solution:
    """theta (D,) and theta0 (D,) in float32 with their card: delta, layout, backbone, task, seed, metrics.

    On disk it is a folder of safetensors files, one tensor for each name of the layout, and `solution.json`. theta0 of
    full fine-tuning is the backbone itself and is not written.
    """

    theta: Tensor
    theta0: Tensor
    card: dict[str, Any]

    @classmethod
    def of(cls, delta: Delta, theta: Tensor, seed: int, facts: dict[str, Any]) -> Solution:
        """The solution of a delta whose theta0 was drawn with `seed`; `facts` join the card."""
        theta0, theta = delta.layout.initial(seed), theta.detach().to("cpu", torch.float32).clone()
        backbone = delta.backbone
        card = {
            "format": FORMAT,
            "delta": {"name": delta.name, "size": delta.size, "layout": delta.layout.fingerprint},
            "method": None if delta.method is None else description(delta.method),
            "backbone": {
                "source": backbone.source,
                "family": backbone.family.name,
                "weights": backbone.weight_hash,
                "parameters": backbone.num_parameters,
            },
            "seed": seed,
            "theta": vector_hash(theta),
            "theta0": vector_hash(theta0),
            **facts,
        }
        return cls(theta, theta0, card)

    def save(self, folder: Path, delta: Delta) -> None:
        """Write the folder; each file appears whole or not at all, the card last."""
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / _THETA, delta, self.theta)
        if not delta.replaces_weights:
            _write(folder / _THETA0, delta, self.theta0)
        with atomic(folder / _CARD) as part:
            part.write_text(json.dumps(self.card, indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path, delta: Delta) -> Solution:
        """Read a folder for a delta; raises `UserError` where it is missing, damaged, or made for something else."""
        card = read_card(folder)
        backbone = delta.backbone
        if card["backbone"]["weights"] != backbone.weight_hash:
            raise UserError(
                f"solution {folder}: made for backbone '{card['backbone']['source']}' with weights "
                f"{card['backbone']['weights'][:12]}, but '{backbone.source}' has weights {backbone.weight_hash[:12]}"
            )
        if card["delta"]["layout"] != delta.layout.fingerprint:
            raise UserError(
                f"solution {folder}: holds a '{card['delta']['name']}' of {card['delta']['size']} numbers, which does "
                f"not fit the delta '{delta.name}' of {delta.size}; give the delta options it was tuned with"
            )
        if other := differing(card.get("method"), delta.method):
            raise UserError(
                f"solution {folder}: a '{card['delta']['name']}' of {other} as in the delta '{delta.name}'; give the "
                "delta options it was tuned with"
            )
        theta = _read(folder / _THETA, delta, card["theta"])
        if delta.replaces_weights:
            return cls(theta, delta.layout.initial(card["seed"]), card)
        theta0 = _read(folder / _THETA0, delta, card["theta0"])
        return cls(theta, theta0, card)


def _write(path: Path, delta: Delta, theta: Tensor) -> None:
    with atomic(path) as part:
        write_tensors(part, delta.layout.unflatten(theta))


def read_card(folder: Path) -> dict[str, Any]:
    """What a folder says of its solution; raises `UserError` where it is missing, damaged or none."""
    path = folder / _CARD
    if not path.is_file():
        raise UserError(f"solution {folder}: no {_CARD} there; give the folder a run wrote its solution to")
    try:
        card = json.loads(path.read_text())
        found = card["format"]
        delta, backbone = card["delta"], card["backbone"]
        texts = delta["name"], delta["layout"], backbone["source"], backbone["weights"], card["theta"], card["theta0"]
        if not all(isinstance(text, str) for text in texts) or not {type(card["seed"]), type(delta["size"])} == {int}:
            raise ValueError("a value of the wrong type")
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"solution {path}: damaged or not a solution card ({error})") from error
    if found != FORMAT:
        raise UserError(f"solution {path}: format {found}, this version reads {FORMAT}")
    return card


def _read(path: Path, delta: Delta, expected: str) -> Tensor:
    try:
        tensors = load_file(path) if delta.size else {}
    except (OSError, SafetensorError) as error:
        raise UserError(f"solution {path}: cannot be read ({error})") from error
    try:
        theta = delta.layout.flatten(tensors)
    except UserError as error:
        raise UserError(f"solution {path}: {error}") from error
    if vector_hash(theta) != expected:
        raise UserError(f"solution {path}: its numbers have hash {vector_hash(theta)[:12]}, its card {expected[:12]}")
    return theta
