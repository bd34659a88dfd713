"""A trainer whose only device is the one elsewhere."""

from __future__ import annotations

from typing import Any

import torch
from lightning.pytorch import Trainer
from lightning.pytorch.accelerators import Accelerator
from lightning.pytorch.strategies import SingleDeviceStrategy

from .device import NAME

__all__ = ["elsewhere"]


class _Elsewhere(Accelerator):
    """One device, that needs nothing done."""

    def setup_device(self, device: torch.device) -> None:
        pass

    def get_device_stats(self, device: Any) -> dict[str, Any]:
        return {}

    def teardown(self) -> None:
        pass

    @staticmethod
    def parse_devices(devices: Any) -> list[int]:
        return [0]

    @staticmethod
    def get_parallel_devices(devices: Any) -> list[torch.device]:
        return [torch.device(NAME, 0)]

    @staticmethod
    def auto_device_count() -> int:
        return 1

    @staticmethod
    def is_available() -> bool:
        return True

    @staticmethod
    def name() -> str:
        return NAME


_usual = Trainer.__init__


def elsewhere(self: Trainer, *arguments: Any, **named: Any) -> None:
    """`Trainer.__init__` but for the device."""
    asked = {key: value for key, value in named.items() if key not in ("accelerator", "devices", "strategy")}
    strategy = SingleDeviceStrategy(torch.device(NAME, 0), accelerator=_Elsewhere())
    _usual(self, *arguments, strategy=strategy, **asked)
