"""The card of a subspace: what its projectors are, what they were made for, and the hash of their numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, final

from deltalab.delta.description import description, differing
from deltalab.delta.method import Delta
from deltalab.delta.solution import vector_hash
from deltalab.errors import UserError
from deltalab.subspace.subspace import Subspace

__all__ = ["Card"]

FORMAT = 1


@final
@dataclass(frozen=True)
class Card:
    """`methods` in order, each with its layout, the hash of theta0 and the forms of its projections.

    `tensors` is the SHA-256 of the file that holds them, `codes` names the tasks whose codes it holds too; `facts` is
    whatever else is to be remembered.
    """

    dim: int
    backbone: Mapping[str, str]
    methods: Sequence[Mapping[str, Any]]
    tensors: str
    codes: Sequence[str]
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, subspace: Subspace, tensors: str, codes: Sequence[str], facts: Mapping[str, Any]) -> Card:
        """The card of a subspace; raises `ValueError` where a fact has the name of something that it says itself."""
        if taken := {"format", *cls.__dataclass_fields__} & set(facts):
            raise ValueError(f"facts cannot be called {sorted(taken)}")
        backbone = subspace[subspace.methods[0]].delta.backbone
        made_for = {"source": backbone.source, "weights": backbone.weight_hash}
        return cls(subspace.dim, made_for, [_entry(subspace, name) for name in subspace.methods], tensors, codes, facts)

    def text(self) -> str:
        """As JSON, the facts beside the rest."""
        own = asdict(self)
        facts = own.pop("facts")
        return json.dumps({"format": FORMAT, **own, **facts}, indent=2) + "\n"

    @classmethod
    def read(cls, path: Path) -> Card:
        """The card in a file; raises `UserError` where there is none, or none that can be understood."""
        if not path.is_file():
            raise UserError(
                f"subspace {path.parent}: no {path.name} there; give the folder a run wrote its subspace to"
            )
        try:
            content = json.loads(path.read_text())
            found = content["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"subspace {path}: damaged or not a subspace card ({error})") from error
        if found != FORMAT:
            raise UserError(f"subspace {path}: format {found}, this version reads {FORMAT}")
        if not _sound(content):
            raise UserError(
                f"subspace {path}: damaged or not a subspace card (a value is missing or of the wrong type)"
            )
        own = {name: content.pop(name) for name in cls.__dataclass_fields__ if name != "facts"}
        del content["format"]
        return cls(**own, facts=content)

    def check(self, folder: Path, deltas: Mapping[str, Delta]) -> None:
        """Raise `UserError` where a method is missing, or of another layout, other settings or another backbone."""
        for entry in self.methods:
            name, size = entry["name"], entry["size"]
            if name not in deltas:
                raise UserError(
                    f"subspace {folder}: holds the method '{name}', which is not among {', '.join(sorted(deltas))}"
                )
            delta, weights = deltas[name], self.backbone["weights"]
            if weights != delta.backbone.weight_hash:
                raise UserError(
                    f"subspace {folder}: made for backbone '{self.backbone['source']}' with weights {weights[:12]}, "
                    f"but '{delta.backbone.source}' has weights {delta.backbone.weight_hash[:12]}"
                )
            if entry["layout"] != delta.layout.fingerprint:
                raise UserError(
                    f"subspace {folder}: holds a '{name}' of {size} numbers, which does not fit the delta '{name}' of "
                    f"{delta.size}; give the delta options it was made with"
                )
            if other := differing(entry.get("method"), delta.method):
                raise UserError(
                    f"subspace {folder}: holds a '{name}' of {other} as in the delta '{name}'; give the delta options "
                    "it was made with"
                )


def _entry(subspace: Subspace, name: str) -> dict[str, Any]:
    projector = subspace[name]
    return {
        "name": name,
        "size": projector.delta.size,
        "layout": projector.delta.layout.fingerprint,
        "method": None if projector.delta.method is None else description(projector.delta.method),
        "theta0": vector_hash(projector.up.theta0),
        "up": projector.up.form,
        "down": None if projector.down is None else projector.down.form,
    }


def _sound(content: Mapping[str, Any]) -> bool:
    """Whether every value is there and of its type."""
    match content:
        case {
            "dim": int(),
            "backbone": {"source": str(), "weights": str()},
            "methods": [_, *_] as methods,
            "tensors": str(),
            "codes": [*codes],
        }:
            return all(map(_sound_entry, methods)) and all(isinstance(task, str) for task in codes)
    return False


def _sound_entry(entry: object) -> bool:
    match entry:
        case {"name": str(), "size": int(), "layout": str(), "theta0": str(), "up": {}, "down": {} | None}:
            return True
    return False
