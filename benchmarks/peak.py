"""A process that does one kind of step and prints the most memory it held: `python -m benchmarks.peak ORDER`."""

from __future__ import annotations

import json
import sys

import torch

from benchmarks.limit import within
from benchmarks.process import high_water
from benchmarks.searches import SEARCHES
from benchmarks.settings import Settings
from benchmarks.works import WORKS, Work

__all__ = ["main"]

STEPS = 3


def main(order: str) -> None:
    """Do the steps an order in JSON asks for; prints null where they do not end within the limit."""
    wanted = json.loads(order)
    settings = Settings(**{**wanted["settings"], "sizes": (wanted["size"],)})
    torch.set_num_threads(settings.threads)
    work = _work(wanted["work"], wanted["size"], settings)
    done = within(settings.limit, lambda: [work() for _ in range(STEPS)])
    print(json.dumps(high_water(settings.place) if done else None))


def _work(name: str, size: str, settings: Settings) -> Work:
    """Every work that trains, with its optimiser."""
    if name in SEARCHES:
        return SEARCHES[name](size, settings)
    return WORKS[name](size, settings) if name == "plain" else WORKS[name](size, settings, optimizer=True)


if __name__ == "__main__":
    main(sys.argv[1])
