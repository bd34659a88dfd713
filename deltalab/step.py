"""One text-to-text step and one way to answer, shared by every stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import torch
import torch.nn.functional as F
from torch import Tensor

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

__all__ = ["Answerer", "label_scores", "losses"]


def losses(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> Tensor:
    """The loss of each vector (V,): cross-entropy in nats, the mean over answer tokens of its own rows, 0 if none."""
    logits = stack.logits(batch, segments).float()
    each = F.cross_entropy(logits.transpose(1, 2), batch.labels, reduction="none", ignore_index=IGNORED)
    vectors = sum(segment.count for segment in segments)
    counts = (batch.labels != IGNORED).view(vectors, -1).sum(1)
    return each.view(vectors, -1).sum(1) / counts.clamp(min=1)


def label_scores(stack: Stack, batch: Batch, segments: Sequence[Segment], labels: Tensor) -> Tensor:
    """log p(label | input) (rows, L) for every label of a set (L, length), `IGNORED` padded, end of text included."""
    backbone = stack.backbone
    scores = backbone.family.architecture.label_scores
    return torch.cat(stack.run(batch, segments, lambda _, rows: scores(backbone, rows, labels)))


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
