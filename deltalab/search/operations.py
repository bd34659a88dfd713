"""How many floating-point operations some work takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

__all__ = ["operations"]


def operations(work: Callable[[], object]) -> int:
    """FLOPs of `work`, called once without gradients; on fake tensors nothing is computed.

    2 m k n for a product of (m, k) and (k, n), as `torch.utils.flop_counter` has it; for arithmetic that takes numbers
    one by one 1 for each it gives, for sums, means and softmax 1 for each they take; for copies nothing.
    """
    with torch.no_grad(), _Counter() as counter:
        work()
    return counter.total


@final
class _Counter(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def __torch_dispatch__(
        self,
        func: Any,  # noqa: ANN401
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        given = dict(kwargs or {})
        result = func(*args, **given)
        packet = func._overloadpacket
        if packet in flop_registry:
            self.total += int(flop_registry[packet](*args, **given, out_val=result))
        elif packet is torch.ops.aten._softmax or torch.Tag.reduction in func.tags:
            self.total += _numbers(args)
        elif torch.Tag.pointwise in func.tags and packet is not torch.ops.aten.clone:
            self.total += _numbers(result)
        return result


def _numbers(values: object) -> int:
    return sum(value.numel() for value in tree_leaves(values) if isinstance(value, Tensor))
