"""A process that does one kind of step and prints the most memory it held: `python -m benchmarks.peak ORDER`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import torch

from benchmarks.settings import Settings
from benchmarks.works import WORKS
from deltalab.report.environment import peak_memory_mb

__all__ = ["main"]

STEPS = 3


def main(order: str) -> None:
    """Do the steps an order in JSON asks for."""
    wanted = json.loads(order)
    settings = Settings(**{**wanted["settings"], "sizes": (wanted["size"],)})
    torch.set_num_threads(settings.threads)
    extra = {} if wanted["work"] == "plain" else {"optimizer": True}
    work = WORKS[wanted["work"]](wanted["size"], settings, **extra)
    for _ in range(STEPS):
        work()
    print(_peak(settings.place))


def _peak(device: torch.device) -> float:
    """MB. Linux hands `ru_maxrss` on from the parent process, so the process's own high-water mark is read there."""
    status = Path("/proc/self/status")
    if device.type == "cpu" and status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 2**10
    return peak_memory_mb(device)


if __name__ == "__main__":
    main(sys.argv[1])
