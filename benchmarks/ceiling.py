"""How near a step comes to the fastest matrix product of the chip, with and without `torch.compile`."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.figure import Figure, compared
from benchmarks.settings import Settings, Skipped
from benchmarks.timing import Spread, Timings, alternate
from benchmarks.works import Work, lora, plain

__all__ = ["figures", "measure"]

EDGES = {"cpu": 2048, "cuda": 8192}


def measure(settings: Settings) -> list[Figure]:
    """The plain step and the LoRA step as shares of the ceiling, at each size; needs a GPU."""
    if settings.place.type != "cuda":
        raise Skipped("needs a GPU: a processor's ceiling moves with whatever else it does")
    return [figure for size in settings.sizes for figure in figures(size, settings, EDGES["cuda"])]


def figures(size: str, settings: Settings, edge: int, compiled: bool = True) -> list[Figure]:
    """The share of each step, and how much faster it is compiled."""
    as_written, translated = replace(settings, compile=False), replace(settings, compile=True)
    works = {"product": _product(edge, settings), "plain": plain(size, as_written), "lora": lora(size, as_written)}
    counts = {name: _operations(work) for name, work in works.items()}
    if compiled:
        works |= {"plain compiled": plain(size, translated), "lora compiled": lora(size, translated)}
    timings = alternate(works, settings)
    shares = [_share(name, size, timings, counts) for name in list(works)[1:]]
    return shares + [_gain(name, size, timings) for name in ("plain", "lora") if compiled]


def _product(edge: int, settings: Settings) -> Work:
    a, b = (torch.randn(edge, edge, device=settings.place, dtype=settings.number) for _ in range(2))
    return lambda: a @ b


def _operations(work: Work) -> float:
    """Floating-point operations in the matrix products and attentions of one call."""
    with FlopCounterMode(display=False) as counter:
        work()
    return float(counter.get_total_flops())


def _share(name: str, size: str, timings: Timings, counts: dict[str, float]) -> Figure:
    what, ratio, seconds = (
        f"{name} step / matrix product, operations a second",
        timings.ratio("product", name),
        timings.seconds(),
    )
    if ratio is None:
        return Figure(what, size, {})
    work = counts[name.split()[0]] / counts["product"]
    rates = {f"{one} TFLOP/s": counts[one.split()[0]] / seconds[one] / 1e12 for one in (name, "product")}
    share = Spread(work * ratio.median, work * ratio.least, work * ratio.most, ratio.rounds)
    return Figure(what, size, {**rates, f"{name} s": seconds[name]}, share)


def _gain(name: str, size: str, timings: Timings) -> Figure:
    compiled = f"{name} compiled"
    return compared(name, compiled, size, timings, f"{name} step / {name} step compiled")
