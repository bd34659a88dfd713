"""How acts reach into a stock model: hooks that read the pass in progress and do nothing when there is none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, final

import torch
from torch import Tensor, nn

from deltalab.delta.act import EmbeddingAct, InputAct, OutputAct
from deltalab.delta.segment import Applied, Block, Entries, Pass, Weight, cut
from deltalab.delta.virtual import filled, real

__all__ = ["activate", "again", "around_again", "current", "watch"]

_current: list[Pass | None] = [None]

around_again: list[Callable[[], AbstractContextManager[Any]]] = []
"""Each makes, while a layer first runs, what has to surround it when the backward pass runs it again."""


def current() -> Pass | None:
    """The pass in progress."""
    return _current[0]


@final
class activate:  # noqa: N801
    """Makes a pass the one in progress, its weights in the place of the backbone's own; may be entered repeatedly."""

    def __init__(self, active: Pass | None) -> None:
        self._active = active
        self._before: list[tuple[Pass | None, list[Weight]]] = []

    def __enter__(self) -> None:
        self._before.append((_current[0], _exchange([] if self._active is None else self._active.weights)))
        _current[0] = self._active

    def __exit__(self, *raised: object) -> None:
        _current[0], own = self._before.pop()
        _exchange(own)


@final
class again:  # noqa: N801
    """What a layer that runs now needs around it when it runs once more: the pass in progress, and `around_again`; may
    be entered repeatedly."""

    def __init__(self) -> None:
        self._parts = [activate(current()), *(make() for make in around_again)]
        self._entered: list[ExitStack] = []

    def __enter__(self) -> None:
        self._entered.append(ExitStack())
        for part in self._parts:
            self._entered[-1].enter_context(part)

    def __exit__(self, *raised: object) -> None:
        self._entered.pop().close()


def _exchange(weights: list[Weight]) -> list[Weight]:
    """Put tensors where parameters are; returns what was there."""
    before: list[Weight] = [(module, name, module._parameters[name]) for module, name, _ in weights]
    for module, name, value in weights:
        module._parameters[name] = value  # type: ignore[assignment]
    return before


def watch(active: Pass) -> None:
    """Put hooks on the modules a pass acts on, once for each module; copies of a module come with theirs."""
    for table in (active.outputs, active.inputs, active.embeddings):
        for module in table:
            if _after not in module._forward_hooks.values():
                module.register_forward_pre_hook(_before)
                module.register_forward_hook(_after, with_kwargs=True)


def _over_blocks(entries: Entries, change: Callable[..., Tensor], *values: Tensor) -> Tensor:
    """`change(block, applied, *parts)` for the rows of each block, in place of these rows of the first value."""
    runs = cut(entries, values[0].shape[0])
    if len(runs) == 1:
        return change(*entries[0], *values)
    # One split each, for its gradient is one concatenation; that of a slice is a tensor of zeros as large as the value.
    parts = zip(*(value.split([size for size, _ in runs]) for value in values), strict=True)
    return torch.cat([p[0] if entry is None else change(*entry, *p) for (_, entry), p in zip(runs, parts, strict=True)])


def _before(module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
    active = _current[0]
    if active is None:
        return None
    if module in active.embeddings:
        active.ids[module] = args[0]
        return (real(module, args[0]), *args[1:])
    if module not in active.inputs:
        return None
    return (_over_blocks(active.inputs[module], _input, args[0]), *args[1:])


def _after(module: nn.Module, args: tuple[Any, ...], named: dict[str, Any], output: Any) -> Any:  # noqa: ANN401
    active = _current[0]
    if active is None:
        return None
    y = output[0] if isinstance(output, tuple) else output
    if module in active.outputs:
        x = args[0] if args else next(iter(named.values()))  # some families call their blocks by name
        y = _over_blocks(active.outputs[module], partial(_output, module), y, x)
    if module in active.embeddings:
        y = _over_blocks(active.embeddings[module], partial(_embedding, module), y, active.ids[module])
    return (y, *output[1:]) if isinstance(output, tuple) else y


def _input(block: Block, applied: list[Applied], x: Tensor) -> Tensor:
    grouped = x.reshape(block.count, -1, x.shape[-1])
    for a in applied:
        assert isinstance(a.act, InputAct)
        grouped = a.act(grouped, a.tensors, a.gate)
    return grouped.view(x.shape)


def _output(module: nn.Module, block: Block, applied: list[Applied], y: Tensor, x: Tensor) -> Tensor:
    source, grouped = (value.reshape(block.count, -1, value.shape[-1]) for value in (x, y))
    for a in applied:
        assert isinstance(a.act, OutputAct)
        if a.part is None:
            grouped = a.act(module, source, grouped, a.tensors, a.gate)
        else:
            parts = list(grouped.chunk(a.part[1], dim=-1))
            parts[a.part[0]] = a.act(module, source, parts[a.part[0]], a.tensors, a.gate)
            grouped = torch.cat(parts, dim=-1)
    return grouped.view(y.shape)


def _embedding(module: nn.Module, block: Block, applied: list[Applied], y: Tensor, ids: Tensor) -> Tensor:
    vectors = []
    for a in applied:
        assert isinstance(a.act, EmbeddingAct)
        vectors.append(a.act(a.tensors, a.gate))
    joined = torch.cat(vectors, dim=1)  # (G, length, width)
    return filled(module, y, ids, joined.repeat_interleave(y.shape[0] // block.count, dim=0))
