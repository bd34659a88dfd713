"""AdamW whose step follows the size of the tensor it moves, and its schedule.

A tensor theta moves by `lr * max(rms(theta), floor)` times Adam's direction: one learning rate serves embeddings of
size 1 and projections of size 0.01. It is Adafactor's parameter scaling (Shazeer and Stern 2018, arXiv:1804.04235)
on Adam's two moments.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

__all__ = ["ScaledAdamW", "learning_rate"]


def learning_rate(step: int, steps: int, warmup: int, peak: float) -> float:
    """Linear from 0 to `peak` over `warmup` steps, then linear to 0 at the last step (counted from 0)."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (steps - step) / max(1, steps - warmup)


class ScaledAdamW(torch.optim.Optimizer):
    """AdamW with the step scaled by each tensor's root mean square."""

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[dict[str, Any]],
        lr: float = 2e-2,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        floor: float = 1e-3,
    ) -> None:
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "floor": floor}
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move every tensor that has a gradient."""
        for group in self.param_groups:
            for tensor in group["params"]:
                if tensor.grad is not None:
                    self._move(tensor, tensor.grad, group)

    def _move(self, tensor: Tensor, gradient: Tensor, group: dict) -> None:
        state = self.state[tensor]
        if not state:
            state.update(count=0, mean=torch.zeros_like(tensor), square=torch.zeros_like(tensor))
        state["count"] += 1
        first, second = group["betas"]
        state["mean"].lerp_(gradient, 1 - first)
        state["square"].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        scale = (state["square"] / (1 - second ** state["count"])).sqrt_().add_(group["eps"])
        rate = group["lr"] * max(group["floor"], tensor.pow(2).mean().sqrt().item())
        tensor.mul_(1 - rate * group["weight_decay"])
        tensor.addcdiv_(state["mean"], scale, value=-rate / (1 - first ** state["count"]))
