"""The command line of the pre-training script."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from deltalab.errors import UserError

__all__ = ["Settings", "parse"]

_ABOUT = {
    "text": "text files (.txt, .txt.gz): a paragraph per line, a blank line between documents",
    "out": "folder of the checkpoint, the losses and the exported model; an interrupted run goes on from here",
    "tokenizer": "folder of a tokenizer to use; by default one is learnt from the text",
    "steps": "optimizer steps in all",
    "rows": "rows in a batch",
    "length": "tokens in a row before corruption",
    "lr": "highest learning rate, relative to each tensor's root mean square",
    "warmup": "steps of linear warm-up",
    "prefix_share": "share of the steps, at the end, that continue a prefix instead of filling spans",
    "seed": "seed of initialisation, order and spans",
    "threads": "CPU threads",
    "log_every": "steps between two measurements on held-out text",
    "save_every": "steps between two checkpoints",
    "stop_at": "leave after this step (to be resumed later)",
}
_PLACES = {"text", "out", "threads", "log_every", "save_every", "stop_at"}


@dataclass(frozen=True)
class Settings:
    """What a run needs to know."""

    text: tuple[Path, ...]
    out: Path
    tokenizer: Path | None = None
    steps: int = 20000
    rows: int = 24
    length: int = 128
    lr: float = 2e-2
    warmup: int = 200
    prefix_share: float = 0.15
    seed: int = 0
    threads: int = 2
    log_every: int = 100
    save_every: int = 100
    stop_at: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        for name in ("steps", "rows", "warmup", "threads", "log_every", "save_every"):
            if getattr(self, name) < 1:
                raise UserError(f"--{name.replace('_', '-')}: {getattr(self, name)} is too small; at least 1")
        if self.length < 32:
            raise UserError(f"--length: {self.length} is too small; at least 32")
        if not 0 <= self.prefix_share <= 1:
            raise UserError(f"--prefix-share: {self.prefix_share} is no share; between 0 and 1")
        if self.lr <= 0:
            raise UserError(f"--lr: {self.lr} is not positive")

    def recipe(self) -> dict[str, object]:
        """The settings that determine the weights, but for the text itself."""
        kept = {name: value for name, value in asdict(self).items() if name not in _PLACES and name != "tokenizer"}
        return {**kept, "text": [path.name for path in self.text]}

    def first_prefix_step(self) -> int:
        """Where filling spans ends and continuing prefixes begins."""
        return round(self.steps * (1 - self.prefix_share))


def parse(arguments: Sequence[str] | None = None) -> Settings:
    """Settings from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deltalab.backbone.tiny.pretrain", description=__doc__)
    parser.add_argument("--text", nargs="+", type=Path, required=True, help=_ABOUT["text"])
    parser.add_argument("--out", type=Path, required=True, help=_ABOUT["out"])
    parser.add_argument("--tokenizer", type=Path, help=_ABOUT["tokenizer"])
    parser.add_argument("--stop-at", type=int, help=_ABOUT["stop_at"])
    for name in ("steps", "rows", "length", "warmup", "seed", "threads", "log_every", "save_every"):
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=int,
            default=getattr(Settings, name),
            help=f"{_ABOUT[name]} (%(default)s)",
        )
    for name in ("lr", "prefix_share"):
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=float,
            default=getattr(Settings, name),
            help=f"{_ABOUT[name]} (%(default)s)",
        )
    values = vars(parser.parse_args(arguments))
    return Settings(**{**values, "text": tuple(values["text"])})
