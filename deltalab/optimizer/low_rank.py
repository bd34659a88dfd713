"""Adafactor's step on a matrix whose gradient is known by its factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from deltalab.optimizer.factors import Factors

__all__ = ["sweep"]


def sweep(matrix: Tensor, gradient: Factors, state: dict[str, Any], group: Mapping[str, Any]) -> None:
    """What `transformers.Adafactor` does to a matrix (n, m) and its state by a group's options, without the gradient g.

        rows, columns = averages over steps of the means of g^2 + eps over columns, over rows
        u = g sqrt(mean(rows)) / sqrt(rows columns),  shrunk to a root mean square of `clip_threshold` at most

    With g = left^T right, u is so too, of scaled factors: the matrix is read and written once. No first moment.
    Source: Shazeer and Stern 2018, arXiv 1804.04235.
    """
    (n, m), (eps, least) = matrix.shape, group["eps"]
    if not state:
        averages = {"exp_avg_sq_row": matrix.new_zeros(n), "exp_avg_sq_col": matrix.new_zeros(m)}
        state.update({"step": 0, **averages, "RMS": 0})
    state["step"] += 1
    new, rows, columns = state["step"] ** group["decay_rate"], state["exp_avg_sq_row"], state["exp_avg_sq_col"]
    for average, squares, count in zip((rows, columns), gradient.squares(), (m, n), strict=True):
        average.mul_(1 - new).add_(squares / count + eps, alpha=new)
    update = gradient.scaled((rows / rows.mean()).rsqrt(), columns.rsqrt())
    rate: float | Tensor = group["lr"]
    if group["scale_parameter"]:
        state["RMS"] = _rms(matrix.norm(), matrix)
        rate = state["RMS"].clamp_min(least) * rate
    if group["weight_decay"]:
        matrix.mul_(1 - group["weight_decay"] * rate)
    size = rate / (_rms(update.norm(), matrix) / group["clip_threshold"]).clamp_min(1.0)
    matrix.addmm_(update.left.T, update.right * size, alpha=-1)


def _rms(norm: Tensor, matrix: Tensor) -> Tensor:
    return norm / matrix.numel() ** 0.5
