"""One text-to-text step and one way to answer, shared by every stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import torch
import torch.nn.functional as F
from torch import Tensor

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.backbone.cache import new_cache
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

__all__ = ["Answerer", "label_scores", "losses"]

_SCORED_AT_ONCE = 2**25  # numbers in one block of label logits: 128 MB in float32


def losses(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> Tensor:
    """The loss of each vector (V,): cross-entropy in nats, averaged over the answer tokens of its own rows."""
    logits = stack.logits(batch, segments).float()
    each = F.cross_entropy(logits.transpose(1, 2), batch.labels, reduction="none", ignore_index=IGNORED)
    vectors = sum(segment.count for segment in segments)
    counts = (batch.labels != IGNORED).view(vectors, -1).sum(1)
    return each.view(vectors, -1).sum(1) / counts


def label_scores(stack: Stack, batch: Batch, segments: Sequence[Segment], labels: Tensor) -> Tensor:
    """log p(label | input) (rows, L) for every label of a set (L, length), `IGNORED` padded, end of text included.

    The encoder runs once; the decoder sees each row with each label.
    """

    def work(model: Any, rows: Batch) -> Tensor:  # noqa: ANN401
        encoded = model.get_encoder()(input_ids=rows.input_ids, attention_mask=rows.attention_mask)
        states = encoded.last_hidden_state
        per_label = len(rows) * labels.shape[1] * model.config.vocab_size
        # Blocks are cut along the labels, so that rows stay evenly split over the vectors.
        blocks = labels.split(max(1, _SCORED_AT_ONCE // per_label))
        return torch.cat([_score(model, states, rows.attention_mask, block) for block in blocks], dim=1)

    return torch.cat(stack.run(batch, segments, work))


def _score(model: Any, states: Tensor, mask: Tensor, labels: Tensor) -> Tensor:  # noqa: ANN401
    """Scores (rows, L) of one block of labels, given encoder states (rows, source, width)."""
    rows, count = states.shape[0], labels.shape[0]
    targets = labels.repeat(rows, 1)  # (rows * L, length): row by row, so vectors keep their rows together
    output = model(
        encoder_outputs=(states.repeat_interleave(count, dim=0),),
        attention_mask=mask.repeat_interleave(count, dim=0),
        decoder_input_ids=model.prepare_decoder_input_ids_from_labels(targets),
        use_cache=False,
    )
    each = F.cross_entropy(output.logits.float().transpose(1, 2), targets, reduction="none", ignore_index=IGNORED)
    return -each.sum(1).view(rows, count)


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
        def work(model: Any, rows: Batch) -> list[str]:  # noqa: ANN401
            ids = model.generate(
                input_ids=rows.input_ids,
                attention_mask=rows.attention_mask,
                past_key_values=new_cache(),
                max_new_tokens=self.max_new_tokens,
                num_beams=1,
                do_sample=False,
            )
            return self.decode(ids)

        return [answer for part in stack.run(batch, segments, work) for answer in part]
