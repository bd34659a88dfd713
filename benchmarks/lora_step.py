"""A LoRA step beside the frozen model's plain forward and backward, and beside the same step of `peft`."""

from __future__ import annotations

from benchmarks.figure import Figure
from benchmarks.settings import Settings
from benchmarks.timing import Timings, alternate
from benchmarks.works import lora, peft, plain

__all__ = ["measure"]


def measure(settings: Settings) -> list[Figure]:
    """All three alternated, at each size."""
    figures = []
    for size in settings.sizes:
        works = {"plain": plain(size, settings), "lora": lora(size, settings), "peft": peft(size, settings)}
        timings = alternate(works, settings)
        for name, base in (("lora", "plain"), ("peft", "plain"), ("lora", "peft")):
            figures.append(_figure(name, base, size, timings))
    return figures


def _figure(name: str, base: str, size: str, timings: Timings) -> Figure:
    parts = {f"{part} s": timings.seconds(part).median for part in (name, base)}
    return Figure(f"{name} step / {base} step", size, parts, timings.ratio(name, base))
