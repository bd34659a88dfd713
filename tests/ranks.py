"""One of two processes that say who they are and add up what they have."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import distributed

from deltalab.processes import mean, rank, total, world


def values(place: int) -> torch.Tensor:
    """What process `place` has: numbers that do not lie in order."""
    return torch.randn(3, 2, generator=torch.Generator().manual_seed(place)).t()


def of_rank(place: int, address: Path, folder: Path) -> None:
    """Leave in FOLDER/PLACE.pt who process `place` says it is, what it adds up, and what it had afterwards."""
    distributed.init_process_group("gloo", init_method=f"file://{address}", rank=place, world_size=2)
    own = values(place).requires_grad_()
    found = {"total": total(own), "mean": mean(own), "own": own.detach(), "whole": total(torch.tensor(place + 1))}
    torch.save({**found, "who": torch.tensor([rank(), world()])}, folder / f"{place}.pt")
    distributed.destroy_process_group()
