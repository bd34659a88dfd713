"""Two processes that work together."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch


def two(work: Callable[..., None], *arguments: Any, folder: Path) -> list[Any]:
    """What `work(place, *arguments, folder)` leaves in FOLDER/PLACE.pt, in processes 0 and 1."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=work, args=(place, *arguments, folder)) for place in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        if process.is_alive():
            process.kill()
    assert [process.exitcode for process in processes] == [0, 0]
    return [torch.load(folder / f"{place}.pt", weights_only=True) for place in range(2)]
