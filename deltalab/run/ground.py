"""What a run shares with the runs it rests on: one backbone with its stack, and the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from omegaconf import DictConfig

from deltalab.backbone.backbone import Backbone
from deltalab.delta.stack import Stack
from deltalab.run.build import build
from deltalab.store.store import Store

__all__ = ["Ground", "ground"]


@final
@dataclass(frozen=True)
class Ground:
    """A frozen backbone, the stack over it, and where finished work is kept."""

    backbone: Backbone
    stack: Stack
    store: Store

    @property
    def facts(self) -> dict[str, Any]:
        """What of the backbone determines a result."""
        return {
            "weights": self.backbone.weight_hash,
            "dtype": str(self.backbone.dtype).removeprefix("torch."),
            "dropout": self.backbone.model.config.to_dict().get("dropout_rate"),
        }


def ground(config: DictConfig) -> Ground:
    """The ground that a config describes."""
    store: Store = build(config, "store")
    backbone: Backbone = build(config, "backbone")
    return Ground(backbone, build(config, "stack", late=("backbone",))(backbone), store)
