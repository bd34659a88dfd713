"""What a backbone of any architecture can do with rows: give logits, rank labels, write answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from torch import Tensor

from deltalab.backbone.batch import Batch

if TYPE_CHECKING:
    from deltalab.backbone.backbone import Backbone

__all__ = ["PLAIN", "Architecture", "Wording"]


@final
@dataclass(frozen=True)
class Wording:
    """How an answer becomes tokens.

    `lead` stands before its text, `special` says that the tokenizer adds its special tokens, `longest` is the most
    tokens that an answer can have, the closing one included (None for any number). `among_labels` says that tuning
    usually compares an answer with the other labels alone, where there is a label set, instead of with all tokens.
    """

    lead: str = ""
    special: bool = True
    longest: int | None = None
    among_labels: bool = False


PLAIN = Wording()
"""The text as it is, with the special tokens of its tokenizer."""


class Architecture(ABC):
    """One of the three ways in which a language model reads and answers.

    `auto` is the class of `transformers` that loads such models. Rows come right-padded; where virtual tokens stand in
    front of a row, they are ids beyond the vocabulary.
    """

    auto: Any
    wording: Wording

    @abstractmethod
    def logits(self, backbone: Backbone, rows: Batch) -> Tensor:
        """Logits (rows, target length, vocabulary) under teacher forcing on the batch's labels."""

    @abstractmethod
    def label_scores(self, backbone: Backbone, rows: Batch, labels: Tensor) -> Tensor:
        """log p(label | input) (rows, L) for labels (rows, L, length), `IGNORED` padded, closing token included.

        What a label of nothing but `IGNORED` scores is of no meaning.
        """

    @abstractmethod
    def generate(self, backbone: Backbone, rows: Batch, max_new_tokens: int) -> Tensor:
        """The likeliest next token, again and again: ids (rows, length), padded after the closing token."""
