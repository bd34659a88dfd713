"""One text-to-text step and one way to answer, shared by every stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, final

import torch
import torch.nn.functional as F
from torch import Tensor

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.backbone.cache import Cache, new_cache
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

    The encoder and the decoder's first token, which all labels have in common, run once for each row; the rest of every
    label reads both from the cache.
    """

    def work(model: Any, rows: Batch) -> Tensor:  # noqa: ANN401
        encoded = model.get_encoder()(input_ids=rows.input_ids, attention_mask=rows.attention_mask)
        states, cache = encoded.last_hidden_state, new_cache()
        inputs = model.prepare_decoder_input_ids_from_labels(labels)
        start = inputs[:1, :1].expand(len(rows), 1)
        logits = _decoded(model, states, rows.attention_mask, start, cache)[:, 0]
        first = logits.log_softmax(-1)[:, labels[:, 0]]
        if labels.shape[1] == 1:
            return first
        # Blocks are cut along the labels, so that rows stay evenly split over the vectors.
        at_once = max(1, _SCORED_AT_ONCE // (len(rows) * (labels.shape[1] - 1) * model.config.vocab_size))
        pairs = zip(inputs[:, 1:].split(at_once), labels[:, 1:].split(at_once), strict=True)
        rest = [_rest(model, states, rows.attention_mask, deepcopy(cache), *pair) for pair in pairs]
        return first + torch.cat(rest, dim=1)

    return torch.cat(stack.run(batch, segments, work))


def _rest(model: Any, states: Tensor, mask: Tensor, cache: Cache, inputs: Tensor, labels: Tensor) -> Tensor:  # noqa: ANN401
    """log p (rows, L) of what follows the first token of a block of labels, whose inputs and tokens are given."""
    rows, count = states.shape[0], labels.shape[0]
    cache.batch_repeat_interleave(count)  # row by row, so vectors keep their rows together
    repeated = states.repeat_interleave(count, dim=0), mask.repeat_interleave(count, dim=0)
    logits = _decoded(model, *repeated, inputs.repeat(rows, 1), cache)
    targets = labels.repeat(rows, 1)
    each = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none", ignore_index=IGNORED)
    return -each.sum(1).view(rows, count)


def _decoded(model: Any, states: Tensor, mask: Tensor, inputs: Tensor, cache: Cache) -> Tensor:  # noqa: ANN401
    """Logits (rows, length, vocabulary) of decoder inputs that follow what the cache holds."""
    output = model(
        encoder_outputs=(states,),
        attention_mask=mask,
        decoder_input_ids=inputs,
        past_key_values=cache,
        use_cache=True,
    )
    logits: Tensor = output.logits.float()
    return logits


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
