"""A folder with a PEFT adapter to a folder with a solution."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from deltalab.backbone.backbone import Backbone
from deltalab.delta.ia3 import IA3
from deltalab.delta.lora import Lora
from deltalab.delta.prompt import Prompt
from deltalab.delta.settings import settings
from deltalab.delta.solution import Solution
from deltalab.delta.structure import OfStructure
from deltalab.errors import UserError
from deltalab.interop.adapter import Adapter
from deltalab.interop.folder import whole_folder
from deltalab.interop.foreign import imported
from deltalab.interop.node import backbone_of, settings_at
from deltalab.interop.opened import Opened

__all__ = ["as_overrides", "import_adapter"]

_STRUCTURE = "structure.yaml"


def import_adapter(folder: Path, out: Path, backbone: str | None = None, seed: int = 42) -> Opened:
    """Write a solution that does what an adapter does, counted from the theta0 of `seed`.

    An adapter does not say where it started, so theta0 is drawn by the method's own law: solutions with one seed
    have one theta0, as a subspace needs. `backbone` is a folder or hub id, None: what the adapter names. Raises
    `UserError` for one that is no LoRA, IA3 or prompt of the backbone, or was exported from a solution of another one.
    """
    if not 0 <= seed < 2**32:
        raise UserError(f"--seed {seed}: a seed is a whole number from 0 to {2**32 - 1}")
    adapter = Adapter.load(folder)
    place = backbone or adapter.config.get("base_model_name_or_path")
    if not isinstance(place, str):
        raise UserError(f"adapter {folder}: names no backbone; give --backbone")
    made_with = settings_at(place)
    model = backbone_of(made_with)
    _check(folder, model)
    delta, theta = imported(adapter, model)
    facts = {"config": {"backbone": made_with}, "imported": dict(adapter.config)}
    solution = Solution.of(delta, theta, seed, facts)
    with whole_folder(out) as part:
        solution.save(part, delta)
        if isinstance(delta.method, OfStructure):
            delta.method.structure.save(part / _STRUCTURE)
    return Opened(solution, delta)


def as_overrides(opened: Opened, out: Path) -> str:
    """What a run of `train.py` that starts from the solution in `out` is told."""
    method, words = opened.delta.method, []
    if isinstance(method, OfStructure):
        words = ["delta=structure", f"delta.path={out / _STRUCTURE}"]
    elif isinstance(method, Lora | IA3 | Prompt):
        given, usual = settings(method), settings(type(method)())
        changed = {key: value for key, value in given.items() if value != usual[key]}
        words = [f"delta={type(method).__name__.lower()}", *(f"delta.{k}={_word(v)}" for k, v in changed.items())]
    source = opened.backbone.source
    place = [] if source == "tiny" else ["backbone=pretrained", f"backbone.path={source}"]
    return shlex.join([*place, *words, f"solution={out}"])


def _word(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value, separators=(",", ":"))


def _check(folder: Path, backbone: Backbone) -> None:
    """Raise `UserError` where the card beside the adapter, if one is there, tells of other weights."""
    card = folder / "deltalab.json"
    if not card.is_file():
        return
    try:
        made_for = json.loads(card.read_text())["backbone"]
        source, weights = str(made_for["source"]), str(made_for["weights"])
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"adapter {card}: damaged ({error})") from error
    if weights != backbone.weight_hash:
        raise UserError(
            f"adapter {folder}: made for backbone '{source}' with weights {weights[:12]}, but '{backbone.source}' has "
            f"weights {backbone.weight_hash[:12]}"
        )
