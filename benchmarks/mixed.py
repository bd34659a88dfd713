"""Three methods in one pass with three segments against three passes, as subspace approximation needs them."""

from __future__ import annotations

from benchmarks.figure import Figure
from benchmarks.models import backbone, batch
from benchmarks.settings import Settings
from benchmarks.timing import alternate
from benchmarks.works import start, step
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.prefix import Prefix
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

__all__ = ["measure"]

METHODS = {"adapter": Adapter(), "lora": Lora(), "prefix": Prefix()}


def measure(settings: Settings) -> list[Figure]:
    """Forward and backward, at each size: few rows of each method, then a whole batch of each."""
    return [_figure(size, each, settings) for size in settings.sizes for each in (1, settings.rows)]


def _figure(size: str, each: int, settings: Settings) -> Figure:
    stack = Stack(backbone(size, settings))
    deltas = [method.bind(stack.backbone, name) for name, method in METHODS.items()]
    thetas, rows = [start(delta, 1, settings) for delta in deltas], batch(size, len(deltas) * each, settings)
    segments = [Segment(delta, theta) for delta, theta in zip(deltas, thetas, strict=True)]

    def forget() -> None:
        for theta in thetas:
            theta.grad = None

    def together() -> None:
        step(stack, rows, segments)
        forget()

    def separate() -> None:
        for i, segment in enumerate(segments):
            step(stack, rows.slice(i * each, (i + 1) * each), [segment])
        forget()

    timings = alternate({"separate": separate, "together": together}, settings)
    return Figure(
        "adapter, lora, prefix in 3 passes / in one pass",
        size,
        timings.parts("separate", "together"),
        timings.ratio("separate", "together"),
        {"methods": list(METHODS), "rows per method": each},
    )
