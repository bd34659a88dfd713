"""How acts reach into a stock model: hooks that read the pass in progress and do nothing when there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import torch
from torch import Tensor, nn

from deltalab.delta.act import EmbeddingAct, InputAct, OutputAct
from deltalab.delta.segment import Applied, Block, Entries, Pass, Weight

__all__ = ["activate", "current", "over_blocks", "watch"]

_current: list[Pass | None] = [None]


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
                module.register_forward_hook(_after)


def over_blocks(entries: Entries, value: Tensor, change: Callable[[slice, Block, list[Applied]], Tensor]) -> Tensor:
    """`value` with the rows of each block changed and the others as they are."""
    length, pieces, done = value.shape[0], [], 0
    for block, applied in entries:
        rows = block.rows(length)
        if rows.start > done:
            pieces.append(value[done : rows.start])
        pieces.append(change(rows, block, applied))
        done = rows.stop
    if done < length:
        pieces.append(value[done:])
    return pieces[0] if len(pieces) == 1 else torch.cat(pieces)


def _before(module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
    active = _current[0]
    if active is None or module not in active.inputs:
        return None
    x = args[0]

    def change(rows: slice, block: Block, applied: list[Applied]) -> Tensor:
        part = x[rows]
        grouped = part.reshape(block.count, -1, part.shape[-1])
        for a in applied:
            assert isinstance(a.act, InputAct)
            grouped = a.act(grouped, a.tensors, a.gate)
        return grouped.view(part.shape)

    return (over_blocks(active.inputs[module], x, change), *args[1:])


def _after(module: nn.Module, args: tuple[Any, ...], output: Any) -> Any:  # noqa: ANN401
    active = _current[0]
    if active is None:
        return None
    y = output[0] if isinstance(output, tuple) else output
    if module in active.outputs:
        y = _outputs(module, args[0], y, active.outputs[module])
    if module in active.embeddings:
        y = _embeddings(y, active.embeddings[module])
    return (y, *output[1:]) if isinstance(output, tuple) else y


def _outputs(module: nn.Module, x: Tensor, y: Tensor, entries: Entries) -> Tensor:
    def change(rows: slice, block: Block, applied: list[Applied]) -> Tensor:
        part = y[rows]
        source = x[rows].reshape(block.count, -1, x.shape[-1])
        grouped = part.reshape(block.count, -1, part.shape[-1])
        for a in applied:
            assert isinstance(a.act, OutputAct)
            grouped = a.act(module, source, grouped, a.tensors, a.gate)
        return grouped.view(part.shape)

    return over_blocks(entries, y, change)


def _embeddings(y: Tensor, entries: Entries) -> Tensor:
    # The rows of these blocks begin with placeholder tokens, which the vectors now replace.
    def change(rows: slice, block: Block, applied: list[Applied]) -> Tensor:
        part = y[rows]
        vectors = []
        for a in applied:
            assert isinstance(a.act, EmbeddingAct)
            vectors.append(a.act(a.tensors, a.gate))
        joined = torch.cat(vectors, dim=1)  # (G, length, width)
        spread = joined.repeat_interleave(part.shape[0] // block.count, dim=0).to(part.dtype)
        return torch.cat([spread, part[:, joined.shape[1] :]], dim=1)

    return over_blocks(entries, y, change)
