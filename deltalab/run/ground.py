"""What a run shares with the runs it rests on: one backbone with its stack, and the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from omegaconf import DictConfig, OmegaConf

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.load import rates
from deltalab.delta.stack import Stack
from deltalab.errors import UserError
from deltalab.run.build import build
from deltalab.run.precision import scaled
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
            "dropout": rates(self.backbone.model.config),
        }


def ground(config: DictConfig) -> Ground:
    """The ground that a config describes."""
    store: Store = build(config, "store")
    backbone: Backbone = build(config, "backbone")
    _refuse_float16(config, backbone)
    return Ground(backbone, build(config, "stack", late=("backbone",))(backbone), store)


def _refuse_float16(config: DictConfig, backbone: Backbone) -> None:
    precision, forced = (OmegaConf.select(config, key) for key in ("trainer.precision", "backbone.force_fp16"))
    if scaled(config) and not forced and backbone.family.overflows:
        raise UserError(
            f"trainer.precision={precision}: {backbone.family.name} overflows in float16; "
            "use bf16-mixed or 32-true, or set backbone.force_fp16=true"
        )
