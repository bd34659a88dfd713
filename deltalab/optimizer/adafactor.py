"""Adafactor on flat vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, final

import torch
from torch import Tensor
from torch.optim import Optimizer
from transformers import Adafactor

from deltalab.optimizer.factors import Factors, Matrix
from deltalab.optimizer.low_rank import sweep

__all__ = ["FlatAdafactor"]

_RATES = ("lr", "initial_lr")
_SINGLE = 4  # bytes; what is coarser is stepped in single precision


@final
class FlatAdafactor(Optimizer):
    """Adafactor (Shazeer and Stern 2018, arXiv 1804.04235) that sees a flat theta as the tensors of its layout.

    Its factored second moments and its clipping are per tensor, so it needs their shapes: every parameter group holds
    one parameter and, under "shapes", the shapes it is cut into. The defaults are those of *Different Tunes*
    (arXiv 2210.13311): a given learning rate, neither relative step nor parameter scale.

    `fused`, unless false: the gradient of a `Matrix` stays in its factors, and the same update is one sweep over the
    matrix; not where there is a first moment. Several processes average it by `across.average`.
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
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, {"lr": lr})
        for group in self.param_groups:
            for matrix in _matrices(group):
                held = fused is not False and beta1 is None and matrix.dtype.itemsize >= _SINGLE
                matrix.factors = [] if held and list(group["shapes"]) == [tuple(matrix.shape)] else None
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
            gradient = self._swept(group, inner, views)
            sizes = [view.numel() for view in views]
            pieces = [None] * len(views) if gradient is None else gradient.reshape(-1).split(sizes)
            for view, piece in zip(views, pieces, strict=True):
                view.grad = None if piece is None else piece.view(view.shape)
        self._inner.step()
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, and the factors of those that have some."""
        super().zero_grad(set_to_none)
        for group in self.param_groups:
            for matrix in _matrices(group):
                if matrix.factors:
                    matrix.factors.clear()

    def _swept(self, group: dict[str, Any], inner: dict[str, Any], views: Sequence[Tensor]) -> Tensor | None:
        """The gradient of a group that is still to be used: none where its factors are enough."""
        (parameter,) = group["params"]
        if isinstance(parameter, Matrix) and parameter.factors:
            whole = Factors.of(parameter.factors)
            if parameter.grad is None and whole.small:
                sweep(views[0], whole, self._inner.state[views[0]], inner)
                return None
            parameter.settle()
        gradient: Tensor | None = parameter.grad
        return gradient

    def state_dict(self) -> dict[str, Any]:
        """The state of the Adafactor inside, and the learning rates outside: those of now, and those of schedules."""
        rates = [{key: group[key] for key in _RATES if key in group} for group in self.param_groups]
        return {"inner": self._inner.state_dict(), "rates": rates}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` gave."""
        self._inner.load_state_dict(state_dict["inner"])
        for group, rates in zip(self.param_groups, state_dict["rates"], strict=True):
            group.update(rates)


def _matrices(group: dict[str, Any]) -> list[Matrix]:
    return [one for one in group["params"] if isinstance(one, Matrix)]


def _cut(theta: Tensor, shapes: Iterable[tuple[int, ...]]) -> list[Tensor]:
    """Parameters that share theta's storage, one for each shape."""
    sizes = [torch.Size(shape).numel() for shape in shapes]
    pieces = theta.detach().view(-1).split(sizes)
    return [torch.nn.Parameter(p.view(shape)) for p, shape in zip(pieces, shapes, strict=True)]
