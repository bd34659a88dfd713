"""One text-to-text step and one way to answer, shared by every stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

import torch
import torch.nn.functional as F
from torch import Tensor

from deltalab.backbone.batch import IGNORED, Batch, token_losses
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

__all__ = ["Answerer", "label_scores", "losses"]


def losses(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> Tensor:
    """The loss of each vector (V,): cross-entropy in nats, the mean over the terms of its own rows, 0 if none.

    A term is a token of the answer, among all tokens; or, where the batch has candidates, the answer among these:
    -log of p(answer | input) over the sum of p(candidate | input).
    """
    each = _of_tokens(stack, batch, segments) if batch.candidates is None else _of_answers(stack, batch, segments)
    vectors = sum(segment.count for segment in segments)
    return each.view(vectors, -1).sum(1) / batch.terms.view(vectors, -1).sum(1).clamp(min=1)


def _of_tokens(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> Tensor:
    return token_losses(stack.logits(batch, segments).float(), batch.labels)


def _of_answers(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> Tensor:
    assert batch.candidates is not None
    known, length = batch.candidates, batch.candidates.shape[2]
    scores = _candidate_scores(stack, batch, segments)
    scores = scores.masked_fill(known[:, :, 0] == IGNORED, torch.finfo(scores.dtype).min)
    answers = F.pad(batch.labels, (0, length - batch.labels.shape[1]), value=IGNORED)
    own = (known == answers[:, None]).all(2).long().argmax(1)
    return F.cross_entropy(scores, own.masked_fill(batch.terms == 0, IGNORED), reduction="none", ignore_index=IGNORED)


def label_scores(stack: Stack, batch: Batch, segments: Sequence[Segment], labels: Tensor) -> Tensor:
    """log p(label | input) (rows, L) for every label of a set (L, length), `IGNORED` padded, end of text included."""
    return _candidate_scores(stack, replace(batch, candidates=labels.expand(len(batch), -1, -1)), segments)


def _candidate_scores(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> Tensor:
    backbone = stack.backbone
    architecture = backbone.family.architecture

    def scores(_: object, rows: Batch) -> Tensor:
        assert rows.candidates is not None
        return architecture.label_scores(backbone, rows, rows.candidates)

    return torch.cat(stack.run(batch, segments, scores))


@final
@dataclass(frozen=True)
class Answerer:
    """Turns rows into answers: the likeliest label where there is a label set, greedy generation otherwise."""

    decode: Callable[[Tensor], list[str]]
    labels: Sequence[str] | None = None
    label_ids: Tensor | None = None
    max_new_tokens: int = 32

    @torch.no_grad()
    def __call__(self, stack: Stack, batch: Batch, segments: Sequence[Segment]) -> list[str]:
        """One answer for each row, in order."""
        if self.labels is None or self.label_ids is None:
            return self._generate(stack, batch, segments)
        scores = label_scores(stack, batch, segments, self.label_ids.to(batch.input_ids.device))
        return [self.labels[i] for i in scores.argmax(1).tolist()]

    def by_row(self, stack: Stack, batch: Batch, segments: Sequence[Segment]) -> list[dict[int, str]]:
        """The answers of every vector to the same rows, each by the row's place in its split."""
        rows = batch.rows.tolist()
        answers = self(stack, batch.repeat(sum(segment.count for segment in segments)), segments)
        blocks = (answers[start : start + len(rows)] for start in range(0, len(answers), len(rows)))
        return [dict(zip(rows, block, strict=True)) for block in blocks]

    def _generate(self, stack: Stack, batch: Batch, segments: Sequence[Segment]) -> list[str]:
        backbone = stack.backbone
        generate = backbone.family.architecture.generate
        parts = stack.run(batch, segments, lambda _, rows: generate(backbone, rows, self.max_new_tokens))
        return [answer for ids in parts for answer in self.decode(ids)]
