"""IA3 as an IA3 adapter of PEFT."""

from __future__ import annotations

from collections.abc import Sequence

from deltalab.backbone.backbone import Backbone
from deltalab.delta.act import InputAct
from deltalab.errors import UserError
from deltalab.interop.adapter import PREFIX, Adapter
from deltalab.interop.parts import Part

__all__ = ["ia3_adapter", "scales_input"]


def scales_input(part: Part) -> bool:
    """Whether an IA3 part scales what its module receives, not what it gives."""
    return isinstance(part.act, InputAct)


def ia3_adapter(backbone: Backbone, found: Sequence[Part]) -> Adapter:
    """The adapter of IA3 parts; raises `UserError` for a module that is scaled twice."""
    paths = [part.site.path for part in found]
    for part in found:
        if paths.count(part.site.path) > 1:
            raise UserError(f"{part}: PEFT scales a module once, its input or its output")
    return Adapter(
        {
            "peft_type": "IA3",
            "task_type": "SEQ_2_SEQ_LM",
            "base_model_name_or_path": backbone.source,
            "inference_mode": True,
            "target_modules": paths,
            "feedforward_modules": [part.site.path for part in found if scales_input(part)],
        },
        {
            f"{PREFIX}{part.site.path}.ia3_l": part.tensors[0].view((1, -1) if scales_input(part) else (-1, 1))
            for part in found
        },
    )
