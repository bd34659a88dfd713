"""What every measurement is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch

from deltalab.backbone.load import DTYPES

__all__ = ["LIMIT", "Settings", "Skipped"]

LIMIT = 8.0
"""Seconds with which all measurements at both sizes end in 10 minutes on 2 cores."""


class Skipped(Exception):  # noqa: N818
    """A measurement that has no sense here; the message says why."""


@final
@dataclass(frozen=True)
class Settings:
    """`repeats` rounds of a comparison are timed, for `limit` seconds at most.

    Batches have `rows` rows of `source` tokens and answers of `target` tokens; each theta of a group has `per_theta`
    rows, one figure for each number; whole runs take `steps` steps. Codes of a subspace have `dims` numbers, one figure
    for each or the last where there is one; `theta` is the length D of thetas that belong to no backbone.
    """

    sizes: tuple[str, ...] = ("tiny", "mid")
    device: str = "cpu"
    dtype: str = "float32"
    threads: int = 2
    repeats: int = 9
    limit: float = LIMIT
    compile: bool = False
    rows: int = 8
    per_theta: tuple[int, ...] = (1, 4, 12)
    source: int = 128
    target: int = 8
    dropout: float = 0.1
    steps: int = 16
    dims: tuple[int, ...] = (4, 100)
    theta: int = 1_105_920

    @property
    def place(self) -> torch.device:
        """The device as torch knows it."""
        return torch.device(self.device)

    @property
    def number(self) -> torch.dtype:
        """The number format as torch knows it."""
        return DTYPES[self.dtype]
