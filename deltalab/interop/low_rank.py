"""LoRA, biases and gains as one LoRA adapter of PEFT.

PEFT adds alpha / r (B A x + bias) at a module, with `bias` there for all modules or none, and can keep whole copies of
other modules. So a LoRA stays what it is, a bias of a linear map becomes a `bias`, a gain g + dg the norm's new weight.
A bias b after a norm that has none of its own is carried to the maps that read it: W (x + b) = W x + W b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, final

import torch
from torch import Tensor, nn

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.linear import linear_weight, linear_widths
from deltalab.delta.bitfit import BitFit
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.interop.adapter import PREFIX, Adapter, common, transposed
from deltalab.interop.parts import Part
from deltalab.interop.readers import readers

__all__ = ["lora_adapter"]


@final
@dataclass
class _Target:
    """What changes at one linear map: low-rank updates (A, B, alpha), and a bias."""

    module: nn.Module
    widths: tuple[int, int]
    updates: list[tuple[Tensor, Tensor, float]] = field(default_factory=list)
    bias: Tensor | None = None

    def shift(self, b: Tensor) -> None:
        """Add to the bias."""
        self.bias = b if self.bias is None else self.bias + b

    def low_rank(self) -> tuple[Tensor, Tensor, float]:
        """A (r, in), B (out, r) and alpha of all updates together; an empty one of rank 1 where there is none."""
        if len(self.updates) == 1:
            return self.updates[0]
        if not self.updates:
            return torch.zeros(1, self.widths[0]), torch.zeros(self.widths[1], 1), 1.0
        ups = [alpha / len(a) * b for a, b, alpha in self.updates]
        down = torch.cat([a for a, _, _ in self.updates])
        return down, torch.cat(ups, dim=1), float(len(down))

    def weight(self) -> Tensor:
        """The map with its updates (out, in)."""
        a, b, alpha = self.low_rank()
        return linear_weight(self.module).detach().float().cpu() + alpha / len(a) * b @ a


def lora_adapter(backbone: Backbone, found: Sequence[Part]) -> Adapter:
    """The adapter of LoRA, BitFit and LNFit parts; raises `UserError` for a bias that PEFT has no place for."""
    targets: dict[str, _Target] = {}
    for part in found:
        if isinstance(part.method, Lora):
            down, up = part.tensors
            _target(backbone, targets, part.site.path).updates.append((down, up, part.method.alpha))
    whole = _norms(backbone, found)
    for part in found:
        if isinstance(part.method, BitFit):
            _place(backbone, targets, whole, part)
    if not targets:  # PEFT takes no LoRA adapter without a target
        _target(backbone, targets, backbone.sites(("attn.q",))[0].path)
    return Adapter(_config(backbone, targets, whole), _tensors(targets, whole))


def _target(backbone: Backbone, targets: dict[str, _Target], path: str) -> _Target:
    module = backbone.model.get_submodule(path)
    widths = linear_widths(module)
    assert widths is not None
    return targets.setdefault(path, _Target(module, widths))


def _norms(backbone: Backbone, found: Sequence[Part]) -> dict[str, dict[str, Tensor]]:
    """The parameters of norms with new gains, by path."""
    whole: dict[str, dict[str, Tensor]] = {}
    for part in found:
        if isinstance(part.method, LNFit):
            whole.setdefault(part.site.path, _own(backbone, part.site.path))["weight"] += part.tensors[0]
    return whole


def _own(backbone: Backbone, path: str) -> dict[str, Tensor]:
    named = backbone.model.get_submodule(path).named_parameters()
    return {name: value.detach().float().cpu().clone() for name, value in named}


def _place(backbone: Backbone, targets: dict[str, _Target], whole: dict[str, dict[str, Tensor]], part: Part) -> None:
    """Put a bias where PEFT can hold it."""
    module, (bias,) = backbone.module(part.site), part.tensors
    if linear_widths(module) is not None:
        _target(backbone, targets, part.site.path).shift(bias)
    elif getattr(module, "bias", None) is not None:
        whole.setdefault(part.site.path, _own(backbone, part.site.path))["bias"] += bias
    else:
        for site, scale in readers(backbone, part):
            target = _target(backbone, targets, site.path)
            target.shift(scale * target.weight() @ bias)


def _config(backbone: Backbone, targets: dict[str, _Target], whole: dict[str, Any]) -> dict[str, Any]:
    shapes = {path: (len(a), alpha) for path, target in targets.items() for a, _, alpha in [target.low_rank()]}
    rank, alpha = next(iter(shapes.values()))
    return {
        **common(backbone, "LORA"),
        "r": rank,
        "lora_alpha": alpha,
        "lora_dropout": 0.0,
        "target_modules": list(targets),
        "rank_pattern": {path: r for path, (r, _) in shapes.items() if r != rank},
        "alpha_pattern": {path: a for path, (_, a) in shapes.items() if a != alpha},
        "lora_bias": any(target.bias is not None for target in targets.values()),
        "modules_to_save": list(whole) or None,
        "bias": "none",
        "fan_in_fan_out": transposed(backbone, targets),
    }


def _tensors(targets: dict[str, _Target], whole: dict[str, dict[str, Tensor]]) -> dict[str, Tensor]:
    biased = any(target.bias is not None for target in targets.values())
    result: dict[str, Tensor] = {}
    for path, target in targets.items():
        a, b, alpha = target.low_rank()
        result |= {f"{PREFIX}{path}.lora_A.weight": a, f"{PREFIX}{path}.lora_B.weight": b}
        if biased:
            bias = torch.zeros(len(b)) if target.bias is None else target.bias
            result[f"{PREFIX}{path}.lora_B.bias"] = bias * len(a) / alpha
    return result | {f"{PREFIX}{path}.{name}": value for path, own in whole.items() for name, value in own.items()}
