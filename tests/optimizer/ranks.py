"""One of two processes that multiply the same x by a matrix, each for rows of its own."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from deltalab.optimizer.across import average, keep_from_ddp
from deltalab.optimizer.factors import Matrix, product

N, M, ROWS = 40, 12, 3
KINDS = ("held", "whole", "both")


class Layer(nn.Module):
    """y = x W^T + b, beside a layer that is DDP's alone."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        chance = torch.Generator().manual_seed(0)
        self.matrix = Matrix(torch.randn(N, M, generator=chance, dtype=torch.float64))
        self.bias = nn.Parameter(torch.zeros(N, dtype=torch.float64))
        self.matrix.factors = None if kind == "whole" else []

    def forward(self, x: Tensor) -> Tensor:
        return product(x, self.matrix) + self.bias


def loss(layer: nn.Module, kind: str, weights: Tensor) -> Tensor:
    """A loss linear in what `weights` asks of each output; "both" multiplies so many rows at last that they are more
    numbers than the matrix."""
    chance = torch.Generator().manual_seed(1)
    total = (layer(torch.randn(ROWS, M, generator=chance, dtype=torch.float64)) * weights[:ROWS]).sum()
    if kind == "both":
        x = torch.randn(N, M, generator=chance, dtype=torch.float64)
        total = total + (layer(x) * weights[ROWS:]).sum()
    return total


def weights(place: int) -> Tensor:
    """What process `place` asks of the outputs."""
    return torch.randn(ROWS + N, N, generator=torch.Generator().manual_seed(10 + place), dtype=torch.float64)


def of_rank(place: int, address: Path, folder: Path) -> None:
    """Leave the gradients of process `place` in FOLDER/PLACE.pt, and how many rows of factors they had."""
    distributed.init_process_group("gloo", init_method=f"file://{address}", rank=place, world_size=2)
    found = {}
    for kind in KINDS:
        layer = Layer(kind)
        keep_from_ddp(layer)
        wrapped = DistributedDataParallel(layer)
        with wrapped.no_sync():
            for _ in range(2):  # gradients accumulate, once averaged and once not
                average(layer.parameters())
                loss(wrapped, kind, weights(place)).backward()
        layer.bias.grad = None
        loss(wrapped, kind, weights(place)).backward()
        average(layer.parameters())
        held = sum(len(one.left) for one in layer.matrix.factors or [])
        layer.matrix.settle()
        found[kind] = {"matrix": layer.matrix.grad, "bias": layer.bias.grad, "held": torch.tensor(held)}
    torch.save(found, folder / f"{place}.pt")
    distributed.destroy_process_group()
