"""Work in a process of its own, whose memory can be told from everybody else's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from deltalab.report.environment import peak_memory_mb

__all__ = ["answer", "high_water"]


def answer(module: str, order: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """What `python -m module ORDER` prints last, both in JSON."""
    command = [sys.executable, "-W", "ignore", "-m", module, json.dumps(order)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def high_water(device: torch.device) -> float:
    """MB this process held at most.

    Linux hands `ru_maxrss` on from the parent process, so the process's own high-water mark is read there.
    """
    status = Path("/proc/self/status")
    if device.type == "cpu" and status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 2**10
    return peak_memory_mb(device)
