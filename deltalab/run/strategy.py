"""Which of Lightning's ways to use several devices fit what is trained here."""

from __future__ import annotations

from omegaconf import DictConfig, OmegaConf

from deltalab.errors import UserError

__all__ = ["refuse_strategy"]

_FIT = ("auto", "ddp")


def refuse_strategy(config: DictConfig) -> None:
    """Raise `UserError` for a `trainer.strategy` that shards or wraps a model in another way than DDP."""
    given = OmegaConf.select(config, "trainer.strategy")
    if given is not None and given not in _FIT:
        shown = given.get("_target_", given) if OmegaConf.is_dict(given) else given
        raise UserError(
            f"trainer.strategy={shown}: deltas are too small to shard and the backbone is frozen; "
            f"allowed: {' or '.join(_FIT)}, with trainer.devices=N and trainer.num_nodes=M"
        )
