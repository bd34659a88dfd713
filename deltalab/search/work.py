"""What a forward does more with one unit than without."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar, final

import torch
from torch import nn

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.delta.act import EmbeddingAct
from deltalab.delta.method import Delta, Unit
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

__all__ = ["Work"]

R = TypeVar("R")
Call = Callable[[], object]
Calls = dict[nn.Module, tuple[tuple[Any, ...], dict[str, Any]]]


@final
class Work:
    """Forwards of one batch, whole or of one module, as functions without arguments; no gradients."""

    def __init__(self, backbone: Backbone, batch: Batch, attention: str) -> None:
        self._backbone, self._batch = backbone, batch
        self._stack = Stack(backbone, attention)

    def forward(self, *units: Unit) -> Call:
        """The whole forward with some units on."""
        segment = self._segment(units)
        return torch.no_grad()(lambda: self._stack.logits(self._batch, [segment]))

    def added(self, units: Sequence[Unit], compare: Callable[[Call, Call], R]) -> list[R]:
        """`compare(with, without)` for each unit alone.

        Of the forward only the module at the unit's site is run, on what reaches it: nothing else changes, save for a
        prompt, which lengthens all. Units of one act, role and side, and so apart in their layer alone, are compared
        once.
        """
        keys = [_key(unit) for unit in units]
        first = dict(zip(reversed(keys), reversed(units), strict=True))
        calls = self._calls(self._backbone.module(unit.site) for unit in first.values())
        known = {key: compare(self._at(unit, calls, unit), self._at(unit, calls)) for key, unit in first.items()}
        return [known[key] for key in keys]

    def _at(self, place: Unit, calls: Calls, *units: Unit) -> Call:
        """What the site of `place` does with some units on."""
        if isinstance(place.act, EmbeddingAct):
            return self.forward(*units)
        module, segment = self._backbone.module(place.site), self._segment(units)
        args, named = calls[module]
        return torch.no_grad()(lambda: self._stack.run(self._batch, [segment], lambda *_: module(*args, **named)))

    def _calls(self, modules: Iterable[nn.Module]) -> Calls:
        """What modules are called with in a forward."""
        found: Calls = {}

        def keep(module: nn.Module, args: tuple[Any, ...], named: dict[str, Any]) -> None:
            found[module] = (args, named)

        hooks = [module.register_forward_pre_hook(keep, with_kwargs=True) for module in set(modules)]
        self.forward()()
        for hook in hooks:
            hook.remove()
        return found

    def _segment(self, units: Sequence[Unit]) -> Segment:
        delta = Delta("units", self._backbone, units)
        return Segment(delta, torch.ones(delta.size, device=self._backbone.device))


def _key(unit: Unit) -> Hashable:
    return unit.act, tuple(spec.shape for spec in unit.specs), unit.site.role, unit.site.side
