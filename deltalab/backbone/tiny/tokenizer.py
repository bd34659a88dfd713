"""The tokenizer of a run: a given one, the one it began with, or one learnt from its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from transformers import PreTrainedTokenizerFast

from deltalab.backbone.tiny.corpus import Block, plain
from deltalab.backbone.tiny.export import save_tokenizer
from deltalab.backbone.tiny.settings import Settings
from deltalab.backbone.tiny.vocabulary import learn_vocabulary
from deltalab.errors import UserError

__all__ = ["tokenizer_for"]

ENOUGH = 1500  # blocks from which a vocabulary is learnt


def tokenizer_for(settings: Settings, blocks: Sequence[Block], words: Iterable[str] = ()) -> PreTrainedTokenizerFast:
    """The tokenizer in `--tokenizer` or `--out`; where there is none yet, learn it (of `words` too) and keep it."""
    folder = settings.tokenizer or settings.start or settings.out
    if not (folder / "tokenizer.json").exists():
        if folder != settings.out:
            raise UserError(f"--{'tokenizer' if settings.tokenizer else 'start'}: no tokenizer.json in {folder}")
        save_tokenizer(learn_vocabulary(chain(_sample(blocks), words), settings.vocabulary), folder)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    if folder != settings.out:
        save_tokenizer(tokenizer, settings.out)
    return tokenizer


def _sample(blocks: Sequence[Block]) -> chain[str]:
    every = max(1, len(blocks) // ENOUGH)
    return chain.from_iterable([*block, *map(plain, block)] for block in blocks[::every])
