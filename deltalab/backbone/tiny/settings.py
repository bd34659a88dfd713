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
    "embeddings": "folder of a trained encoder (such as a BERT) whose word embeddings ours start from",
    "start": "folder of a pre-trained model of this script to start from, with its tokenizer",
    "books": "exercises to do: drill, reading, copying, grammar, meaning, tone; those named twice twice as often",
    "longest": "words of the longest sentence that exercises are about",
    "tones": "list of words for the book tone: word, tab, a number above 0 for what pleases",
    "wordnet": "folder of WordNet's files (data.noun, index.noun, ...) for the book meaning",
    "vocabulary": "tokens to learn, the sentinels among them",
    "steps": "optimizer steps in all",
    "rows": "rows in a batch",
    "length": "tokens in a row before corruption",
    "lr": "highest learning rate, relative to each tensor's root mean square",
    "embedding_lr": "learning rate of the token embeddings, relative to --lr",
    "warmup": "steps of linear warm-up",
    "task_share": "share of the steps that do exercises on sentences of the text",
    "prefix_share": "share of the steps, at the end, of which half continue a prefix",
    "seed": "seed of initialisation, order and spans",
    "threads": "CPU threads",
    "log_every": "steps between two measurements on held-out text",
    "save_every": "steps between two checkpoints",
    "stop_at": "leave after this step (to be resumed later)",
}
_FOLDERS = ("tokenizer", "embeddings", "start", "tones", "wordnet")
_PLACES = {"text", "out", "threads", "log_every", "save_every", "stop_at", *_FOLDERS}
_COUNTS = ("steps", "rows", "length", "vocabulary", "warmup", "longest", "seed", "threads", "log_every", "save_every")
_SHARES = ("lr", "embedding_lr", "task_share", "prefix_share")


@dataclass(frozen=True)
class Settings:
    """What a run needs to know."""

    text: tuple[Path, ...]
    out: Path
    tokenizer: Path | None = None
    embeddings: Path | None = None
    start: Path | None = None
    books: tuple[str, ...] = ("reading",)
    longest: int = 28
    tones: Path | None = None
    wordnet: Path | None = None
    vocabulary: int = 16384
    steps: int = 20000
    rows: int = 24
    length: int = 128
    lr: float = 2e-2
    embedding_lr: float = 0.1
    warmup: int = 200
    task_share: float = 0.3
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
        if self.longest < 6:
            raise UserError(f"--longest: {self.longest} is too small; at least 6")
        if self.vocabulary < 480:
            raise UserError(f"--vocabulary: {self.vocabulary} is too small; at least 480")
        for name in ("prefix_share", "task_share", "embedding_lr"):
            if not 0 <= getattr(self, name) <= 1:
                raise UserError(f"--{name.replace('_', '-')}: {getattr(self, name)} is not between 0 and 1")
        if self.start and (self.embeddings or self.tokenizer):
            raise UserError("--start: brings embeddings and a tokenizer; give neither --embeddings nor --tokenizer")
        if self.lr <= 0:
            raise UserError(f"--lr: {self.lr} is not positive")

    def recipe(self) -> dict[str, object]:
        """The settings that determine the weights, but for the text itself."""
        kept = {name: value for name, value in asdict(self).items() if name not in _PLACES}
        lent = {name: getattr(self, name) is not None for name in ("embeddings", "start")}
        return {**kept, "text": [path.name for path in self.text], "books": list(self.books), **lent}

    def first_prefix_step(self) -> int:
        """Where filling spans ends and continuing prefixes begins."""
        return round(self.steps * (1 - self.prefix_share))


def parse(arguments: Sequence[str] | None = None) -> Settings:
    """Settings from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deltalab.backbone.tiny.pretrain", description=__doc__)
    parser.add_argument("--text", nargs="+", type=Path, required=True, help=_ABOUT["text"])
    parser.add_argument("--out", type=Path, required=True, help=_ABOUT["out"])
    for name in _FOLDERS:
        parser.add_argument(f"--{name}", type=Path, help=_ABOUT[name])
    parser.add_argument("--books", nargs="+", default=list(Settings.books), help=f"{_ABOUT['books']} (reading)")
    parser.add_argument("--stop-at", type=int, help=_ABOUT["stop_at"])
    for name in (*_COUNTS, *_SHARES):
        default = getattr(Settings, name)
        flag, text = f"--{name.replace('_', '-')}", f"{_ABOUT[name]} (%(default)s)"
        parser.add_argument(flag, type=type(default), default=default, help=text)
    values = vars(parser.parse_args(arguments))
    return Settings(**{**values, "text": tuple(values["text"]), "books": tuple(values["books"])})
