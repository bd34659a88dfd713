"""A split and a label set as token ids."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerBase

from deltalab.backbone.architecture.architecture import PLAIN, Wording
from deltalab.backbone.batch import IGNORED, Batch
from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.ragged import Ragged
from deltalab.task.template import Template
from deltalab.task.whole import whole

__all__ = ["Encoded", "Encoder"]

log = logging.getLogger(__name__)


@final
@dataclass(frozen=True)
class Encoded(Dataset[Batch]):
    """A tokenised split: one input a row, and the answers of row i from `first[i]` to `first[i + 1]` in `answers`.

    `candidates` (L, length) are the answers among which the loss looks for a row's own, None where it is any text.
    """

    inputs: Ragged
    answers: Ragged
    first: Tensor
    padding: int
    candidates: Tensor | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def answer_counts(self) -> Tensor:
        """Answers of each row (rows,)."""
        return self.first.diff()

    def __getitem__(self, pairs: Sequence[tuple[int, int]]) -> Batch:
        """The batch of these (row, answer) pairs, padded to its longest input and longest answer."""
        rows, answer = torch.tensor(pairs, dtype=torch.long).unbind(1)
        input_ids, real = self.inputs.padded(rows, self.padding)
        labels, _ = self.answers.padded(self.first[rows] + answer, IGNORED)
        known = None if self.candidates is None else self.candidates.expand(len(rows), -1, -1)
        return Batch(input_ids, real.long(), labels, rows, known)


@final
@dataclass(frozen=True)
class Encoder:
    """Tokenises the rows of one task; lengths are in tokens, the closing token included.

    What is too long loses tokens before its closing `</s>` (`[SEP]`); an answer without one gets it, so that generation
    learns to stop. Raises `UserError` for a length below 2.
    """

    tokenizer: PreTrainedTokenizerBase
    template: Template
    task: str
    max_input_length: int
    max_output_length: int
    wording: Wording = PLAIN

    def __post_init__(self) -> None:
        whole(self.max_input_length, 2, "max_input_length")
        whole(self.max_output_length, 2, "max_output_length")

    def split(self, examples: Sequence[Example], name: str) -> Encoded:
        """All rows of a split at once; logs how many were cut."""
        inputs = self._ids([self.template.source(self.task, example.input) for example in examples])
        outputs = [self.template.target(self.task, output) for example in examples for output in example.outputs]
        answers = self._answers(outputs)
        first = torch.zeros(len(examples) + 1, dtype=torch.long)
        torch.cumsum(torch.tensor([len(example.outputs) for example in examples]), 0, out=first[1:])
        self._report(name, "inputs", inputs, self.max_input_length)
        self._report(name, "outputs", answers, self.longest_answer)
        return Encoded(
            Ragged.of(self._cut(ids, self.max_input_length) for ids in inputs),
            Ragged.of(self._cut(ids, self.longest_answer) for ids in answers),
            first,
            self.padding,
        )

    def labels(self, labels: Sequence[str]) -> Tensor:
        """The label set (labels, longest label), padded with `IGNORED`; `UserError` when two labels look the same."""
        ids = self._answers([self.template.target(self.task, label) for label in labels])
        cut = [self._cut(row, self.longest_answer) for row in ids]
        seen: dict[tuple[int, ...], str] = {}
        for label, row in zip(labels, cut, strict=True):
            other = seen.setdefault(tuple(row), label)
            if other != label:
                raise UserError(
                    f"task {self.task}: labels '{other}' and '{label}' become the same tokens "
                    f"at max_output_length={self.longest_answer}; use a longer one or task.evaluation=generate"
                )
        return Ragged.of(cut).padded(torch.arange(len(cut)), IGNORED)[0]

    def decode(self, ids: Tensor) -> list[str]:
        """Generated ids (rows, length) as answers: special tokens and the template's own words removed."""
        texts = self.tokenizer.batch_decode(ids, skip_special_tokens=True)
        return [self.template.answer(self.task, text) for text in texts]

    @property
    def padding(self) -> int:
        """The id that fills inputs up; a tokenizer without padding lends its closing token, hidden by the mask."""
        pad = self.tokenizer.pad_token_id
        return int(pad if pad is not None else self.tokenizer.eos_token_id)

    @property
    def longest_answer(self) -> int:
        """The most tokens of an answer: what is asked for, or what the backbone's architecture can give."""
        return min(self.max_output_length, self.wording.longest or self.max_output_length)

    def _ids(self, texts: list[str], special: bool = True) -> list[list[int]]:
        # not truncated here, so that cut rows can be counted; verbose=False silences the warning about their length
        return self.tokenizer(texts, add_special_tokens=special, return_attention_mask=False, verbose=False)[
            "input_ids"
        ]

    def _answers(self, texts: list[str]) -> list[list[int]]:
        """The tokens of each answer, a closing one at the end."""
        rows = self._ids([self.wording.lead + text for text in texts], self.wording.special)
        eos, sep = self.tokenizer.eos_token_id, self.tokenizer.sep_token_id
        end = sep if eos is None else eos
        return rows if end is None else [row if row and row[-1] in self._closing else [*row, end] for row in rows]

    def _cut(self, ids: list[int], length: int) -> list[int]:
        if len(ids) <= length:
            return ids
        return [*ids[: length - 1], ids[-1]] if ids[-1] in self._closing else ids[:length]

    @property
    def _closing(self) -> set[int | None]:
        return {self.tokenizer.eos_token_id, self.tokenizer.sep_token_id}

    def _report(self, name: str, what: str, rows: list[list[int]], length: int) -> None:
        cut = sum(len(row) > length for row in rows)
        if cut:
            log.info("%s/%s: %d of %d %s cut to %d tokens", self.task, name, cut, len(rows), what, length)
