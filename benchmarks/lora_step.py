"""A LoRA step beside the frozen model's plain forward and backward, and beside the same step of `peft`."""

from __future__ import annotations

from benchmarks.figure import Figure, compared
from benchmarks.settings import Settings
from benchmarks.timing import alternate
from benchmarks.works import lora, peft, plain

__all__ = ["measure"]


def measure(settings: Settings) -> list[Figure]:
    """All three alternated, at each size."""
    figures = []
    for size in settings.sizes:
        works = {"plain": plain(size, settings), "lora": lora(size, settings), "peft": peft(size, settings)}
        timings = alternate(works, settings)
        for name, base in (("lora", "plain"), ("peft", "plain"), ("lora", "peft")):
            figures.append(compared(name, base, size, timings, f"{name} step / {base} step"))
    return figures
