"""The step an optimiser would take next, as a function of the gradient that can itself be differentiated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor
from torch.optim import Optimizer

__all__ = ["AdamW", "Sgd", "VirtualStep"]

VirtualStep = Callable[[Tensor, Tensor], Tensor]
"""From theta (D,) and a gradient (D,) to theta' (D,)."""


@final
@dataclass(frozen=True)
class Sgd:
    """theta - lr g, with g scaled down to the norm `clip` where it is longer."""

    lr: float
    clip: float | None = None

    def __call__(self, theta: Tensor, gradient: Tensor) -> Tensor:
        return theta - self.lr * _clipped(gradient, self.clip)


@final
@dataclass(frozen=True)
class AdamW:
    """The next step of `torch.optim.AdamW` (Loshchilov and Hutter 2019, arXiv 1711.05101) on one flat parameter.

    `m` and `v` (D,) are its moments and `t` the steps it has taken. While `v` is zero, as before the first step, the
    step is lr sign(g) but for eps: its derivative is nearly 0 where |g| is far above eps, and lr / eps at g = 0.
    """

    lr: float
    m: Tensor
    v: Tensor
    t: int
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.01
    clip: float | None = None

    @classmethod
    def following(cls, optimizer: Optimizer, theta: Tensor, clip: float | None = None) -> AdamW:
        """The step that a `torch.optim.AdamW` takes next on theta, one of its parameters.

        `clip` is the norm to which the gradient will have been clipped.
        """
        group = next(g for g in optimizer.param_groups if any(p is theta for p in g["params"]))
        if group["amsgrad"] or group["maximize"]:
            raise ValueError("a virtual step knows neither amsgrad nor maximize")
        # `get`, for the state of an optimiser is a defaultdict.
        state = optimizer.state.get(theta) or {}
        zero = torch.zeros_like(theta, requires_grad=False)
        return cls(
            float(group["lr"]),
            state.get("exp_avg", zero),
            state.get("exp_avg_sq", zero),
            int(state.get("step", 0)),
            (float(group["betas"][0]), float(group["betas"][1])),
            group["eps"],
            group["weight_decay"],
            clip,
        )

    def __call__(self, theta: Tensor, gradient: Tensor) -> Tensor:
        # The operations of torch, in its order, so that theta' is the real next theta to the bit.
        gradient = _clipped(gradient, self.clip)
        t, (beta1, beta2) = self.t + 1, self.betas
        m = self.m.lerp(gradient, 1 - beta1)
        v = (self.v * beta2).addcmul(gradient, gradient, value=1 - beta2)
        # The slope of a root at 0 is infinite; that of the step is not, for there m is 0 as well or v's slope is.
        root = torch.where(v > 0, torch.where(v > 0, v, 1.0).sqrt(), 0.0)
        spread = root / (1 - beta2**t) ** 0.5 + self.eps
        return (theta * (1 - self.lr * self.weight_decay)).addcdiv(m, spread, value=-self.lr / (1 - beta1**t))


def _clipped(gradient: Tensor, most: float | None) -> Tensor:
    """The gradient of `torch.nn.utils.clip_grad_norm_`."""
    if most is None:
        return gradient
    return gradient * (most / (torch.linalg.vector_norm(gradient) + 1e-6)).clamp_max(1.0)
