"""Adafactor on flat vectors, and clipping before any step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, final

import torch
from torch import Tensor
from torch.optim import Optimizer
from transformers import Adafactor

__all__ = ["FlatAdafactor", "clip"]


@final
class FlatAdafactor(Optimizer):
    """Adafactor (Shazeer and Stern 2018, arXiv 1804.04235) that sees a flat theta as the tensors of its layout.

    Its factored second moments and its clipping are per tensor, so it needs their shapes: every parameter group holds
    one parameter and, under "shapes", the shapes it is cut into. The defaults are those of *Different Tunes*
    (arXiv 2210.13311): a given learning rate, neither relative step nor parameter scale.
    """

    def __init__(
        self,
        params: Iterable[dict[str, Any]],
        lr: float = 1e-3,
        clip_threshold: float = 1.0,
        decay_rate: float = -0.8,
        beta1: float | None = None,
        weight_decay: float = 0.0,
        scale_parameter: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr})
        self._views = [_cut(group["params"][0], group["shapes"]) for group in self.param_groups]
        self._inner = Adafactor(
            [{"params": views, "lr": group["lr"]} for views, group in zip(self._views, self.param_groups, strict=True)],
            lr=lr,
            clip_threshold=clip_threshold,
            decay_rate=decay_rate,
            beta1=beta1,
            weight_decay=weight_decay,
            scale_parameter=scale_parameter,
            relative_step=False,
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """One update; vectors without a gradient stay as they are."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group, inner, views in zip(self.param_groups, self._inner.param_groups, self._views, strict=True):
            inner["lr"] = group["lr"]
            gradient = group["params"][0].grad
            sizes = [view.numel() for view in views]
            pieces = [None] * len(views) if gradient is None else gradient.reshape(-1).split(sizes)
            for view, piece in zip(views, pieces, strict=True):
                view.grad = None if piece is None else piece.view(view.shape)
        self._inner.step()
        return loss

    def state_dict(self) -> dict[str, Any]:
        """The state of the Adafactor inside, and the learning rates outside."""
        return {"inner": self._inner.state_dict(), "lr": [group["lr"] for group in self.param_groups]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` gave."""
        self._inner.load_state_dict(state_dict["inner"])
        for group, lr in zip(self.param_groups, state_dict["lr"], strict=True):
            group["lr"] = lr


def _cut(theta: Tensor, shapes: Iterable[tuple[int, ...]]) -> list[Tensor]:
    """Parameters that share theta's storage, one for each shape."""
    sizes = [torch.Size(shape).numel() for shape in shapes]
    pieces = theta.detach().view(-1).split(sizes)
    return [torch.nn.Parameter(p.view(shape)) for p, shape in zip(pieces, shapes, strict=True)]


def clip(parameters: Iterable[Tensor], limit: float | None, by: str | None) -> None:
    """Shrink gradients in place: each number to at most `limit` where `by` is "value", else their common norm.

    Lightning's own clipping refuses fused optimisers wherever precision is mixed, though only float16 scales gradients.
    """
    if limit and by == "value":
        torch.nn.utils.clip_grad_value_(parameters, limit)
    elif limit:
        torch.nn.utils.clip_grad_norm_(parameters, limit)
