"""What a unit does at its site: five kinds of action, one for each way into a frozen module.

Shapes: G vectors share the rows of a segment evenly, so activations come as (G, n, features) with n = rows per vector
times positions, tensors as (G, *shape), and a gate as (G,) or None for "on". Where specs of a unit say `gated`, its
tensors are gated already, and its act has no use for the gate.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from torch import Tensor, nn

__all__ = ["Act", "AttentionAct", "EmbeddingAct", "InputAct", "OutputAct", "WeightAct", "gated", "way"]


def gated(value: Tensor, gate: Tensor | None) -> Tensor:
    """`value` (G, ...) times its gate (G,)."""
    return value if gate is None else value * gate.view(-1, *(1,) * (value.dim() - 1))


class OutputAct(ABC):
    """Changes what a module gives."""

    @abstractmethod
    def __call__(
        self, module: nn.Module, x: Tensor, y: Tensor, tensors: Sequence[Tensor], gate: Tensor | None
    ) -> Tensor:
        """The new output (G, n, out) from the module's input x (G, n, in) and output y (G, n, out)."""


class InputAct(ABC):
    """Changes what a module receives."""

    @abstractmethod
    def __call__(self, x: Tensor, tensors: Sequence[Tensor], gate: Tensor | None) -> Tensor:
        """The new input (G, n, in)."""


class AttentionAct(ABC):
    """Puts keys and values before those of an attention module."""

    @abstractmethod
    def __call__(self, tensors: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Keys and values, each (G, heads, positions, head size); the gate weighs their attention scores."""


class EmbeddingAct(ABC):
    """Puts vectors before the embedded input."""

    length: int

    @abstractmethod
    def __call__(self, tensors: Sequence[Tensor], gate: Tensor | None) -> Tensor:
        """The vectors (G, length, width)."""


class WeightAct(ABC):
    """Stands in for weights of the backbone themselves; its vectors run one after the other."""

    @abstractmethod
    def __call__(self, tensors: Sequence[Tensor]) -> dict[str, Tensor]:
        """Parameters by name, without the leading G."""


Act = OutputAct | InputAct | AttentionAct | EmbeddingAct | WeightAct
_WAYS = (OutputAct, InputAct, AttentionAct, EmbeddingAct, WeightAct)


def way(act: Act) -> type:
    """Which of the five kinds of action an act is."""
    return next(kind for kind in _WAYS if isinstance(act, kind))
