"""The numbers a run computes in."""

from __future__ import annotations

from omegaconf import DictConfig, OmegaConf

from deltalab.errors import UserError

__all__ = ["refuse_precision", "scaled"]

_PRECISIONS = ("32-true", "bf16-mixed", "16-mixed")
"""Others would make thetas coarse too, or the frozen model slow for nothing."""


def scaled(config: DictConfig) -> bool:
    """Whether losses, and so gradients, are scaled up: float16 would round small ones to 0."""
    return str(OmegaConf.select(config, "trainer.precision")).startswith("16")


def refuse_precision(config: DictConfig) -> None:
    """Raise `UserError` for a precision that Lightning takes and no run is carried out in."""
    given = config.trainer.get("precision", "32-true")
    if str(given) not in _PRECISIONS:
        raise UserError(
            f"trainer.precision={given}: must be {', '.join(_PRECISIONS)}; "
            "backbone.dtype=bfloat16 halves the frozen weights"
        )
