"""What every measurement is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch

from deltalab.backbone.load import DTYPES

__all__ = ["Settings", "Skipped"]


class Skipped(Exception):  # noqa: N818
    """A measurement that has no sense here; the message says why."""


@final
@dataclass(frozen=True)
class Settings:
    """`repeats` rounds of a comparison are timed, for about `limit` seconds at most.

    Batches have `rows` rows of `source` tokens and answers of `target` tokens; each theta of a group has `per_theta`
    rows, one figure for each number; whole runs take `steps` steps.
    """

    sizes: tuple[str, ...] = ("tiny", "mid")
    device: str = "cpu"
    dtype: str = "float32"
    threads: int = 2
    repeats: int = 9
    limit: float = 120.0
    compile: bool = False
    rows: int = 8
    per_theta: tuple[int, ...] = (1, 4, 12)
    source: int = 128
    target: int = 8
    dropout: float = 0.1
    steps: int = 16

    @property
    def place(self) -> torch.device:
        """The device as torch knows it."""
        return torch.device(self.device)

    @property
    def number(self) -> torch.dtype:
        """The number format as torch knows it."""
        return DTYPES[self.dtype]
