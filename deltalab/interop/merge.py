"""A solution merged into a copy of its backbone, which is then a stock model."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.linear import linear_weight
from deltalab.backbone.load import pretrained
from deltalab.delta.bitfit import BitFit
from deltalab.delta.full import Full
from deltalab.delta.ia3 import IA3
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.method import Method
from deltalab.errors import UserError
from deltalab.interop.folder import whole_folder
from deltalab.interop.opened import Opened
from deltalab.interop.parts import Part, parts
from deltalab.interop.probe import asked, gap, inputs, ours, probe
from deltalab.interop.scaling import scales_input

__all__ = ["merge", "merged"]


def merge(opened: Opened, out: Path) -> float:
    """Write the merged model and the tokenizer as `save_pretrained` does, in float32.

    Returns how far the logits of the model read back are from those of the solution. Raises `UserError` as `merged`
    does, and where `out` is there already.
    """
    backbone = opened.backbone
    model, batch = merged(opened), probe(backbone)
    with whole_folder(out) as folder:
        model.save_pretrained(folder)  # type: ignore[operator]
        backbone.tokenizer.save_pretrained(folder)
        read = pretrained(str(folder), backbone.family).model
        return gap(asked(read, inputs(backbone, batch)), ours(opened, batch))


@torch.no_grad()
def merged(opened: Opened) -> nn.Module:
    """A copy of the backbone in float32 that does what the solution does.

    Raises `UserError` for a part that weights cannot hold: a bottleneck, a prefix, a prompt, a bias where the model has
    none, a change of weights that two modules share.
    """
    backbone = opened.backbone
    found = parts(opened.delta, opened.solution.theta)
    for part in found:
        _refuse(backbone, part)
    model = copy.deepcopy(backbone.model).float()
    # Scaled inputs are read by the updates of a map, too: they go into it last.
    for part in sorted(found, key=lambda part: isinstance(part.method, IA3) and scales_input(part)):
        tensors = tuple(tensor.to(backbone.device) for tensor in part.tensors)
        _MERGED[type(part.method)](model.get_submodule(part.site.path), part, tensors)
    return model


def _lora(module: nn.Module, part: Part, tensors: tuple[Tensor, ...]) -> None:
    assert isinstance(part.method, Lora)
    down, up = tensors
    weight = linear_weight(module)
    weight += part.method.alpha / part.method.rank * up @ down


def _ia3(module: nn.Module, part: Part, tensors: tuple[Tensor, ...]) -> None:
    (scale,) = tensors
    weight = linear_weight(module)
    weight *= scale if scales_input(part) else scale[:, None]
    if not scales_input(part) and getattr(module, "bias", None) is not None:
        module.bias *= scale  # type: ignore[operator]


def _bitfit(module: nn.Module, part: Part, tensors: tuple[Tensor, ...]) -> None:
    module.bias += tensors[0]  # type: ignore[operator]


def _lnfit(module: nn.Module, part: Part, tensors: tuple[Tensor, ...]) -> None:
    module.weight += tensors[0]  # type: ignore[operator]


def _full(module: nn.Module, part: Part, tensors: tuple[Tensor, ...]) -> None:
    for parameter, value in zip(module.parameters(), tensors, strict=True):
        parameter.copy_(value)


_MERGED: dict[type[Method], Callable[[nn.Module, Part, tuple[Tensor, ...]], None]] = {
    Lora: _lora,
    IA3: _ia3,
    BitFit: _bitfit,
    LNFit: _lnfit,
    Full: _full,
}


def _refuse(backbone: Backbone, part: Part) -> None:
    """Raise `UserError` for a part that cannot be merged."""
    if type(part.method) not in _MERGED:
        names = ", ".join(method.__name__ for method in _MERGED)
        raise UserError(f"{part}: weights cannot hold it, so it cannot be merged; allowed: {names}")
    if isinstance(part.method, Full):
        return
    module = backbone.module(part.site)
    if isinstance(part.method, BitFit):
        if getattr(module, "bias", None) is None:
            raise UserError(f"{part}: the model has no bias there, so it cannot be merged; `export` can keep it")
        return
    own = set(module.parameters(recurse=False))
    places = [place for place in backbone.model.modules() if own & set(place.parameters(recurse=False))]
    if len(places) > 1:
        raise UserError(f"{part}: its weights belong to {len(places)} modules, so it cannot be merged into them")
