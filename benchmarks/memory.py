"""The most memory a training step holds, each kind of step in a process of its own."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from benchmarks.figure import Figure
from benchmarks.process import answer
from benchmarks.settings import Settings
from benchmarks.timing import Spread

__all__ = ["compared_peaks", "measure"]

COMPARISONS = (
    ("lora step / plain step, peak memory", "lora", "plain", 1),
    ("peft step / lora step, peak memory", "peft", "lora", 1),
    ("full fine-tuning / lora step, peak memory", "full", "lora", 1),
    ("8 lora processes / 8 jobs packed, peak memory", "lora", "packed", 8),
)
"""What, the works compared, and how many processes the first one stands for."""


def measure(settings: Settings) -> list[Figure]:
    """MB at the peak of forward, backward and AdamW; `plain` has no optimiser and nothing to train."""
    return [compared_peaks(*comparison, size, settings) for size in settings.sizes for comparison in COMPARISONS]


def compared_peaks(what: str, above: str, below: str, times: int, size: str, settings: Settings) -> Figure:
    """The peak of `times` processes of one work over that of one process of another."""
    first, second = _peak(above, size, settings), _peak(below, size, settings)
    if first is None or second is None:
        return Figure(what, size, {})
    ratio = times * first / second
    return Figure(what, size, {f"{above} MB": first, f"{below} MB": second}, Spread(ratio, ratio, ratio))


@cache
def _peak(name: str, size: str, settings: Settings) -> float | None:
    """What `benchmarks.peak` prints about one work."""
    found: float | None = answer("benchmarks.peak", {"work": name, "size": size, "settings": asdict(settings)})
    return found
