"""No delta at all: the backbone as it is, the baseline every method should beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from deltalab.backbone.backbone import Backbone
from deltalab.delta.method import Method, Unit

__all__ = ["Frozen"]


@final
@dataclass(frozen=True)
class Frozen(Method):
    """theta is empty: nothing is trained."""

    lr: float = 0.0

    @property
    def identity(self) -> bool:
        return True

    def units(self, backbone: Backbone) -> list[Unit]:
        return []
