"""Which vectors a forward pass takes, and where in the backbone their tensors act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, final

import torch
from torch import Tensor, nn

from deltalab.delta.act import Act, AttentionAct, EmbeddingAct, InputAct, OutputAct, WeightAct
from deltalab.delta.method import Delta

__all__ = ["Applied", "Block", "Pass", "Segment", "Weight", "cut", "passes"]


@final
@dataclass(frozen=True)
class Segment:
    """G vectors of one delta: theta (G, D) or (D,), gates (G, N) over its N units or None for all on."""

    delta: Delta
    theta: Tensor
    gates: Tensor | None = None

    @property
    def count(self) -> int:
        """G, how many vectors."""
        return 1 if self.theta.dim() == 1 else self.theta.shape[0]


@final
@dataclass(frozen=True)
class Block:
    """Vectors `first` to `first + count` of the `total` that share the rows of a pass evenly."""

    first: int
    count: int
    total: int

    def rows(self, length: int) -> slice:
        """Their rows among `length` rows."""
        each = length // self.total
        return slice(self.first * each, (self.first + self.count) * each)


@final
class Applied(NamedTuple):
    """An act with the numbers it uses in one pass, tensors (G, *shape) and a gate (G,), and the part of the module's
    output that it changes."""

    act: Act
    tensors: tuple[Tensor, ...]
    gate: Tensor | None
    part: tuple[int, int] | None = None


Entry = tuple[Block, list[Applied]]
Entries = list[Entry]
Weight = tuple[nn.Module, str, Tensor | None]
"""A module, the name of one of its own parameters, and the tensor in that place."""


@final
@dataclass
class Pass:
    """One forward pass of the backbone: the acts at every module, or the weights that stand in for its own.

    `ids` are what an embedding was last called with, virtual tokens among them.
    """

    first: int
    count: int
    outputs: dict[nn.Module, Entries] = field(default_factory=dict)
    inputs: dict[nn.Module, Entries] = field(default_factory=dict)
    attentions: dict[nn.Module, Entries] = field(default_factory=dict)
    embeddings: dict[nn.Module, Entries] = field(default_factory=dict)
    weights: list[Weight] = field(default_factory=list)
    ids: dict[nn.Module, Tensor] = field(default_factory=dict)

    def table(self, act: Act) -> dict[nn.Module, Entries]:
        """Where acts of this kind are listed."""
        kinds = (
            (OutputAct, self.outputs),
            (InputAct, self.inputs),
            (AttentionAct, self.attentions),
            (EmbeddingAct, self.embeddings),
        )
        return next(table for kind, table in kinds if isinstance(act, kind))


def cut(entries: Entries, length: int) -> list[tuple[int, Entry | None]]:
    """`length` rows as consecutive runs: how many rows, and the entry they belong to, if any."""
    runs: list[tuple[int, Entry | None]] = []
    done = 0
    for entry in entries:
        rows = entry[0].rows(length)
        if rows.start > done:
            runs.append((rows.start - done, None))
        runs.append((rows.stop - rows.start, entry))
        done = rows.stop
    return [*runs, (length - done, None)] if done < length else runs


def passes(segments: Sequence[Segment], dtype: torch.dtype) -> list[Pass]:
    """The passes that serve the segments in order: one for each run of segments that leave the weights alone, one for
    each vector that replaces them. Other thetas are cast to `dtype`, the format the backbone computes in."""
    result: list[Pass] = []
    run: list[tuple[int, Segment]] = []
    first = 0
    for segment in segments:
        if segment.delta.replaces_weights:
            result += _grouped(run, dtype) + _replaced(segment, first)
            run = []
        else:
            run.append((first, segment))
        first += segment.count
    return result + _grouped(run, dtype)


def _replaced(segment: Segment, first: int) -> list[Pass]:
    delta, model = segment.delta, segment.delta.backbone.model
    if segment.gates is not None or len(delta.units) > 1:
        raise ValueError(f"{delta.name} replaces the backbone's weights: it takes no gates and no other units")
    act = delta.units[0].act
    assert isinstance(act, WeightAct)
    thetas = segment.theta.reshape(segment.count, -1).unbind(0)
    return [
        Pass(first + i, 1, weights=_places(model, act(delta.layout.split(theta)))) for i, theta in enumerate(thetas)
    ]


def _places(model: nn.Module, values: Mapping[str, Tensor]) -> list[Weight]:
    """Every place of the named parameters, several for a tied one.

    Weights take the format of those they replace: under autocast each operation casts its own.
    """
    own = model.named_parameters()
    known = {parameter: values[name].to(parameter.dtype) for name, parameter in own if name in values}
    return [
        (module, key, known[parameter])
        for module in model.modules()
        for key, parameter in module._parameters.items()
        if parameter in known
    ]


def _grouped(run: Iterable[tuple[int, Segment]], dtype: torch.dtype) -> list[Pass]:
    run = list(run)
    if not run:
        return []
    start = run[0][0]
    result = Pass(start, sum(segment.count for _, segment in run))
    for first, segment in run:
        _place(result, segment, Block(first - start, segment.count, result.count), dtype)
    return [result]


def _place(result: Pass, segment: Segment, block: Block, dtype: torch.dtype) -> None:
    delta = segment.delta
    theta, gates = segment.theta.reshape(segment.count, -1), None
    if segment.gates is not None:
        rows = segment.gates.reshape(segment.count, -1)
        theta, gates = delta.gating(theta, rows), rows.to(dtype).unbind(1)
    tensors = delta.layout.split(theta.to(dtype))
    for module, units in delta.places:
        applied = [
            Applied(
                delta.units[i].act,
                tuple([tensors[r] for r in delta.reads[i]]),
                None if gates is None else gates[i],
                delta.units[i].site.part,
            )
            for i in units
        ]
        result.table(applied[0].act).setdefault(module, []).append((block, applied))
