"""Gradients of wide matrices averaged over processes: by their factors, where these are what is kept."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch import distributed as dist

from deltalab.optimizer.factors import Factors, Matrix
from deltalab.processes import world

__all__ = ["average", "keep_from_ddp"]

_IGNORED = "_ddp_params_and_buffers_to_ignore"


def keep_from_ddp(module: nn.Module) -> None:
    """Have `DistributedDataParallel` leave the matrices of a module alone: `average` sees to their gradients."""
    setattr(module, _IGNORED, [name for name, one in module.named_parameters() if isinstance(one, Matrix)])


@torch.no_grad()
def average(parameters: Iterable[Tensor]) -> None:
    """The mean over processes of the gradient of every `Matrix`, in place; alone, everything stays as it is.

    Where every process multiplied the same x, mean_w(left_w^T x) = mean_w(left_w)^T x: r times n numbers are sent
    instead of m times n. x is that of the first process, so that all take the same step to the last bit. What was
    averaged before stays so, where gradients accumulate; float16 looks for infinite ones after this.
    """
    if world() == 1:
        return
    for matrix in parameters:
        if isinstance(matrix, Matrix) and matrix.factors:
            whole = Factors.of(matrix.factors)
            left, right = _mean(whole.left), whole.right.contiguous()
            dist.broadcast(right, 0)
            matrix.factors[:] = [Factors(left, right)]
        if isinstance(matrix, Matrix) and matrix.grad is not None:
            matrix.grad = _mean(matrix.grad)


def _mean(tensor: Tensor) -> Tensor:
    """The mean over processes in place: a gradient may be as large as the matrix."""
    whole = tensor.contiguous()
    dist.all_reduce(whole)
    return whole.div_(world())
