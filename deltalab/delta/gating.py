"""Gates on theta: where what a unit adds is linear in some of its tensors, its gate multiplies these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.nn.utils.rnn import pad_sequence

__all__ = ["Gating"]


@final
class Gating:
    """From theta (G, D) and gates (G, N) to theta with the numbers of each unit times its gate.

    `numbers` holds where in theta those of each unit are; others stay as they are. One product serves all units, and
    no sum in its gradient depends on the order in which a device comes by its terms.
    """

    def __init__(self, numbers: Sequence[Tensor], size: int) -> None:
        # The number and the gate past the last stand for none.
        self._places = pad_sequence(list(numbers), batch_first=True, padding_value=size)
        self._owners = torch.full((size,), len(numbers))
        for unit, places in enumerate(numbers):
            self._owners[places] = unit
        self._free = (self._owners == len(numbers)).float()

    def __call__(self, theta: Tensor, gates: Tensor) -> Tensor:
        if self._places.device != theta.device:
            self._places, self._owners = self._places.to(theta.device), self._owners.to(theta.device)
            self._free = self._free.to(theta.device)
        factors: Tensor = _Spread.apply(gates, self._owners, self._places)
        return theta * (factors + self._free.to(gates.dtype))


@final
class _Spread(Function):
    """Values (G, N) of units at their numbers (G, D), 0 at the others; `_Collect` turned round."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, owners: Tensor, places: Tensor) -> Tensor:  # noqa: ANN401
        ctx.save_for_backward(owners, places)
        return F.pad(values, (0, 1)).index_select(1, owners)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:  # type: ignore[override]  # noqa: ANN401
        return _Collect.apply(gradient, *ctx.saved_tensors), None, None


@final
class _Collect(Function):
    """Sums (G, N) over the numbers (G, D) of each unit; `_Spread` turned round."""

    @staticmethod
    def forward(ctx: Any, numbers: Tensor, owners: Tensor, places: Tensor) -> Tensor:  # noqa: ANN401
        ctx.save_for_backward(owners, places)
        return F.pad(numbers, (0, 1)).index_select(1, places.flatten()).view(len(numbers), *places.shape).sum(-1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:  # type: ignore[override]  # noqa: ANN401
        return _Spread.apply(gradient, *ctx.saved_tensors), None, None
