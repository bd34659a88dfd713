"""A solution as a PEFT adapter."""

from __future__ import annotations

import copy
import json
from importlib.util import find_spec
from pathlib import Path

from deltalab.delta.bitfit import BitFit
from deltalab.delta.ia3 import IA3
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.method import Method
from deltalab.delta.prompt import Prompt
from deltalab.errors import UserError
from deltalab.interop.adapter import Adapter
from deltalab.interop.folder import whole_folder
from deltalab.interop.low_rank import lora_adapter
from deltalab.interop.opened import Opened
from deltalab.interop.parts import Part, parts
from deltalab.interop.probe import asked, gap, inputs, ours, probe
from deltalab.interop.scaling import ia3_adapter
from deltalab.interop.virtual import prompt_adapter

__all__ = ["as_adapter", "export", "peft_gap"]

_LINEAR: tuple[type[Method], ...] = (Lora, BitFit, LNFit)
_HELD = "PEFT can hold LoRA, BitFit and LNFit together, or IA3, or a prompt"


def as_adapter(opened: Opened) -> Adapter:
    """The adapter that changes the model as a solution does; raises `UserError` for what PEFT cannot say."""
    found = parts(opened.delta, opened.solution.theta)
    for part in found:
        if not isinstance(part.method, (*_LINEAR, IA3, Prompt)):
            raise UserError(f"{part}: PEFT has no form for it; {_HELD}")
    if all(isinstance(part.method, _LINEAR) for part in found):
        return lora_adapter(opened.backbone, found)
    if all(isinstance(part.method, IA3) for part in found):
        return ia3_adapter(opened.backbone, found)
    if len(found) == 1:
        return prompt_adapter(opened.backbone, found[0])
    raise UserError(f"{' and '.join(_names(found))}: PEFT cannot hold them in one adapter; {_HELD}")


def _names(found: list[Part]) -> list[str]:
    return sorted({type(part.method).__name__ for part in found})


def export(opened: Opened, out: Path) -> tuple[Adapter, float | None]:
    """Write the adapter's folder; returns it with how far apart the logits of both are, None without `peft`.

    Beside PEFT's two files `deltalab.json` is the solution's card. Raises `UserError` where the reloaded adapter does
    not do the same, or where `out` is there already.
    """
    adapter = as_adapter(opened)
    with whole_folder(out) as folder:
        adapter.save(folder)
        (folder / "deltalab.json").write_text(json.dumps(opened.solution.card, indent=2) + "\n")
        found = peft_gap(opened, folder) if find_spec("peft") else None
        if found is not None and found > 1e-3:
            raise UserError(f"{out}: reloaded by peft, its logits are off by {found:.1e} of their size")
    return adapter, found


def peft_gap(opened: Opened, folder: Path) -> float:
    """The largest gap between the logits of a solution and those of an adapter that `peft` loads."""
    import peft  # here, for only developers have it

    backbone = opened.backbone
    batch = probe(backbone)
    expected = ours(opened, batch)
    wrapped = peft.PeftModel.from_pretrained(copy.deepcopy(backbone.model), str(folder)).eval()
    return gap(asked(wrapped, inputs(backbone, batch)), expected)
