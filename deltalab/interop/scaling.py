"""IA3 as an IA3 adapter of PEFT."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.delta.act import InputAct
from deltalab.errors import UserError
from deltalab.interop.adapter import PREFIX, Adapter, common, transposed
from deltalab.interop.parts import Part

__all__ = ["ia3_adapter", "scales_input"]


def scales_input(part: Part) -> bool:
    """Whether an IA3 part scales what its module receives, not what it gives."""
    return isinstance(part.act, InputAct)


def ia3_adapter(backbone: Backbone, found: Sequence[Part]) -> Adapter:
    """The adapter of IA3 parts; raises `UserError` for a module whose input and output are scaled."""
    scales: dict[str, Tensor] = {}
    inputs = {part.site.path for part in found if scales_input(part)}
    for part in found:
        path = part.site.path
        if scales_input(part) != (path in inputs):
            raise UserError(f"{part}: PEFT scales a module once, its input or its output")
        scales[path] = scales[path] * part.tensors[0] if path in scales else part.tensors[0]
    config = {
        **common(backbone, "IA3"),
        "target_modules": list(scales),
        "feedforward_modules": [path for path in scales if path in inputs],
        "fan_in_fan_out": transposed(backbone, scales),
    }
    tensors = {
        f"{PREFIX}{path}.ia3_l": scale.view((1, -1) if path in inputs else (-1, 1)) for path, scale in scales.items()
    }
    return Adapter(config, tensors)
