"""Plain text as blocks of paragraphs, in the two spellings that running text comes in."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from deltalab.errors import UserError

__all__ = ["Block", "plain", "read_blocks", "split"]

Block = list[str]

_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")  # curly to straight
_MARK = re.compile(r"\s*(\.\.\.|--|[.,!?;:()\"—])\s*")
_CLITIC = re.compile(r"(?<=\w)(n't|'(?:s|re|ve|ll|d|m))\b")


def read_blocks(paths: Sequence[Path], size: int = 32) -> list[Block]:
    """Up to `size` consecutive paragraphs of one document each, in the order of the files."""
    blocks: list[Block] = []
    for path in paths:
        blocks.extend(_blocks(path, size))
    if not blocks:
        raise UserError(f"--text: no paragraph in {', '.join(str(path) for path in paths)}")
    return blocks


def split(blocks: Sequence[Block], every: int = 100) -> tuple[list[Block], list[Block]]:
    """Training and held-out blocks: of `every` blocks, one is held out (at least one, if there are two)."""
    step = max(2, min(every, len(blocks)))
    train = [block for i, block in enumerate(blocks) if i % step != step - 1]
    held_out = [block for i, block in enumerate(blocks) if i % step == step - 1]
    return train, held_out or train


def plain(text: str) -> str:
    """The text as tokenised corpora spell it: lower case, punctuation and clitics set apart by spaces."""
    text = text.translate(_QUOTES).lower()
    return " ".join(_MARK.sub(r" \1 ", _CLITIC.sub(r" \1", text)).split())


def _blocks(path: Path, size: int) -> Iterator[Block]:
    block: Block = []
    for paragraph in _paragraphs(path):
        if block and (not paragraph or len(block) == size):
            yield block
            block = []
        if paragraph:
            block.append(paragraph)
    if block:
        yield block


def _paragraphs(path: Path) -> Iterator[str]:
    try:
        with _open(path) as file:
            for line in file:
                yield line.strip()
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise UserError(f"--text: cannot read {path}: {error}") from error


def _open(path: Path) -> TextIO:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
