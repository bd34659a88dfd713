"""One grouped pass with many thetas against one pass for each."""

from __future__ import annotations

from benchmarks.figure import Figure
from benchmarks.models import backbone, batch
from benchmarks.settings import Settings
from benchmarks.timing import alternate
from benchmarks.works import start, step
from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

__all__ = ["measure"]

THETAS = 12


def measure(settings: Settings) -> list[Figure]:
    """Forward and backward of LoRA; with few rows a theta the naive way wastes the chip, with many both fill it."""
    return [_figure(size, each, settings) for size in settings.sizes for each in settings.per_theta]


def _figure(size: str, each: int, settings: Settings) -> Figure:
    stack = Stack(backbone(size, settings))
    delta = Lora().bind(stack.backbone, "lora")
    thetas, rows = start(delta, THETAS, settings), batch(size, THETAS * each, settings)

    def grouped() -> None:
        step(stack, rows, [Segment(delta, thetas)])
        thetas.grad = None

    def separate() -> None:
        for i in range(THETAS):
            step(stack, rows.slice(i * each, (i + 1) * each), [Segment(delta, thetas[i])])
        thetas.grad = None

    timings = alternate({"separate": separate, "grouped": grouped}, settings)
    return Figure(
        f"{THETAS} separate passes / one grouped pass",
        size,
        timings.parts("separate", "grouped"),
        timings.ratio("separate", "grouped"),
        {"thetas": THETAS, "rows per theta": each},
    )
