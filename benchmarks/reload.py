"""A LoRA solution on disk: how large it is, and whether it gives the same logits when read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from benchmarks.figure import Figure
from benchmarks.models import backbone, batch
from benchmarks.settings import Settings
from benchmarks.works import start, step
from deltalab.backbone.batch import Batch
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.solution import Solution
from deltalab.delta.stack import Stack

__all__ = ["measure"]


def measure(settings: Settings) -> list[Figure]:
    """At each size: trained a little, saved, read back onto a backbone built anew."""
    return [_figure(size, settings) for size in settings.sizes]


def _figure(size: str, settings: Settings) -> Figure:
    rows = batch(size, settings.rows, settings)
    stack, delta = _fresh(size, settings)
    theta = _trained(stack, delta, rows, settings)
    before = _logits(stack, delta, rows, theta)
    with TemporaryDirectory() as name:
        folder = Path(name)
        Solution.of(delta, theta, 0, {}).save(folder, delta)
        size_of_theta, size_of_all = _bytes([folder / "theta.safetensors"]), _bytes(list(folder.iterdir()))
        again, anew = _fresh(size, settings)
        read = Solution.load(folder, anew).theta.to(settings.place)
    after = _logits(again, anew, rows, read)
    parts = {
        "theta bytes": size_of_theta,
        "folder bytes": size_of_all,
        "parameters": delta.size,
        "backbone parameters": stack.backbone.num_parameters,
        "same logits": torch.equal(before, after),
    }
    return Figure("lora solution on disk, read back bit for bit", size, parts)


def _fresh(size: str, settings: Settings) -> tuple[Stack, Delta]:
    stack = Stack(backbone(size, settings))
    return stack, Lora().bind(stack.backbone, "lora")


def _trained(stack: Stack, delta: Delta, rows: Batch, settings: Settings) -> Tensor:
    theta = start(delta, 1, settings)
    optimizer = torch.optim.AdamW([theta], lr=1e-3)
    for _ in range(2):
        step(stack, rows, [Segment(delta, theta)])
        optimizer.step()
        theta.grad = None
    return theta.detach()[0]


@torch.no_grad()
def _logits(stack: Stack, delta: Delta, rows: Batch, theta: Tensor) -> Tensor:
    stack.backbone.model.eval()
    return stack.logits(rows, [Segment(delta, theta)])


def _bytes(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths)
