"""Projectors without a backbone: a step's time and peak memory, by down-projection and optimiser.

Each kind runs in a process of its own, `python -m benchmarks.projectors ORDER`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from itertools import product
from pathlib import Path

import torch
from torch import nn
from torch.optim import AdamW

from benchmarks.figure import Figure
from benchmarks.process import answer, high_water
from benchmarks.settings import Settings, Skipped
from benchmarks.spaces import descend, optimizer
from benchmarks.timing import Spread, alternate
from benchmarks.works import Work
from deltalab.subspace.down import Dense, Down, Span, span
from deltalab.subspace.up import Linear

__all__ = ["figures", "main", "measure"]

METHODS = 3
SOLUTIONS = 16
DOWNS, OPTIMIZERS = ("dense", "span"), ("AdamW", "Adafactor")

Found = Mapping[str, float | None]

STD = 0.02


def measure(settings: Settings) -> list[Figure]:
    """Forward and backward of the reconstruction of one of 16 solutions, and the optimiser: three methods of one D.

    Dense with Adafactor is the published way (arXiv 2210.13311). Weights alone take 2 * 3 * D * d * 4 bytes, 2.7 GB at
    D = 1.1 M and d = 100; with gradients and AdamW's two moments four times that, and a quarter more in passing.
    """
    weights = 2 * METHODS * settings.theta * settings.dims[-1] * 4
    needed, free = 5 * weights / 2**20, _free(settings.place)
    if free < needed:
        raise Skipped(f"needs about {needed:.0f} MB of memory, {free:.0f} are free")
    order = {"settings": asdict(settings)}
    kinds = list(product(DOWNS, OPTIMIZERS))
    found = {kind: answer("benchmarks.projectors", {**order, "down": kind[0], "optimizer": kind[1]}) for kind in kinds}
    return figures(found, settings)


def figures(found: Mapping[tuple[str, str], Found], settings: Settings) -> list[Figure]:
    """Seconds and MB of each pair of kinds that differ in one thing."""
    pairs = [(("dense", one), ("span", one)) for one in OPTIMIZERS] + [
        ((down, "AdamW"), (down, "Adafactor")) for down in DOWNS
    ]
    return [_figure(above, below, unit, found, settings) for unit in ("s", "MB") for above, below in pairs]


def _figure(
    above: tuple[str, str],
    below: tuple[str, str],
    unit: str,
    found: Mapping[tuple[str, str], Found],
    settings: Settings,
) -> Figure:
    names = [f"{down} {optimizer}" for down, optimizer in (above, below)]
    what = f"projectors, {names[0]} / {names[1]}, {'a step' if unit == 's' else 'peak memory'}"
    size = f"D={settings.theta:,} d={settings.dims[-1]}"
    first, second = found[above][unit], found[below][unit]
    if first is None or second is None:
        return Figure(what, size, {})
    ratio = first / second
    return Figure(what, size, {f"{names[0]} {unit}": first, f"{names[1]} {unit}": second}, Spread(ratio, ratio, ratio))


def main(order: str) -> None:
    """Time the kind of step that an order in JSON asks for; prints {"s", "MB"}, nulls where none ends in time."""
    wanted = json.loads(order)
    settings = Settings(**wanted["settings"])
    torch.set_num_threads(settings.threads)
    seconds = alternate({"step": _step(wanted["down"], wanted["optimizer"], settings)}, settings).seconds()
    peak = high_water(settings.place) if seconds else None
    print(json.dumps({"s": seconds.get("step"), "MB": peak}))


def _step(down: str, name: str, settings: Settings) -> Work:
    dim, chance = settings.dims[-1], torch.Generator().manual_seed(0)
    steps = [0.01 * torch.randn(SOLUTIONS, settings.theta, generator=chance) for _ in range(METHODS)]
    ups = [Linear(torch.zeros(settings.theta), dim, STD, chance) for _ in steps]
    downs: list[Down] = [
        Dense(settings.theta, dim, "tanh", STD, chance) if down == "dense" else Span(span(v), dim, "tanh", STD, chance)
        for v in steps
    ]
    both = nn.ModuleList([*ups, *downs]).to(settings.place)
    trained, drawn = list(both.parameters()), [v[:1].to(settings.place) for v in steps]
    kind = AdamW(trained, lr=1e-4, fused=True) if name == "AdamW" else optimizer(trained, 1e-4)

    def work() -> None:
        lost = [(v - up.step(way.encode(v))).norm() for v, up, way in zip(drawn, ups, downs, strict=True)]
        descend(torch.stack(lost).sum(), kind)

    return work


def _free(device: torch.device) -> float:
    """MB that may still be taken; without end where nobody says."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0] / 2**20
    told = Path("/proc/meminfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next((int(line.split()[1]) / 2**10 for line in lines if line.startswith("MemAvailable:")), float("inf"))


if __name__ == "__main__":
    main(sys.argv[1])
