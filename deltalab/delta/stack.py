"""The grouped forward: one frozen backbone, many deltas, one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar, final

import torch
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.delta.attention import ATTENTIONS
from deltalab.delta.hooks import activate, again, watch
from deltalab.delta.segment import Pass, Segment, passes
from deltalab.delta.virtual import with_virtual_tokens
from deltalab.errors import one_of

__all__ = ["Stack"]

R = TypeVar("R")


@final
class Stack:
    """A frozen backbone as a pure function of a batch and of a stack of thetas.

    The rows of a batch are split evenly over all vectors of all segments, in order: with V vectors and B rows, vector v
    owns rows v*B/V to (v+1)*B/V. `attention` is the plain implementation underneath, "sdpa" or "eager" (differentiable
    twice on every device). `gradient_checkpointing` recomputes the layers' activations in the backward pass.
    """

    def __init__(self, backbone: Backbone, attention: str = "sdpa", gradient_checkpointing: bool = False) -> None:
        one_of("attention", attention, ATTENTIONS, "stack.attention")
        self.backbone = backbone
        self._attention = ATTENTIONS[attention]
        if gradient_checkpointing:
            # Each layer is recomputed under the pass it first ran in.
            backbone.model.activation_checkpointing_enable({"use_reentrant": False, "context_fn": _contexts})

    def run(self, batch: Batch, segments: Sequence[Segment], work: Callable[[Any, Batch], R]) -> list[R]:
        """`work(model, rows)` once for each pass the segments need, in the order of the rows.

        All segments share one pass, save that each vector of full fine-tuning runs its own.
        """
        total = sum(segment.count for segment in segments)
        if total == 0 or len(batch) % total:
            raise ValueError(f"{len(batch)} rows cannot be split evenly over {total} vectors")
        each = len(batch) // total
        if self.backbone.model.config._attn_implementation != self._attention:  # another stack's
            self.backbone.model.set_attn_implementation(self._attention)
        results = []
        for one in passes(segments, self._computes_in(batch)):
            rows = batch.slice(one.first * each, (one.first + one.count) * each)
            results.append(self._run(one, with_virtual_tokens(rows, one, self.backbone.pad_id), work))
        return results

    def logits(self, batch: Batch, segments: Sequence[Segment]) -> Tensor:
        """Logits (rows, target length, vocabulary) under teacher forcing on the batch's labels."""
        architecture = self.backbone.family.architecture
        return torch.cat(self.run(batch, segments, lambda _, rows: architecture.logits(self.backbone, rows)))

    def _run(self, one: Pass, rows: Batch, work: Callable[[Any, Batch], R]) -> R:
        watch(one)
        with activate(one):
            return work(self.backbone.model, rows)

    def _computes_in(self, batch: Batch) -> torch.dtype:
        kind = batch.input_ids.device.type
        return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else self.backbone.dtype


def _contexts() -> tuple[AbstractContextManager[None], AbstractContextManager[None]]:
    """What surrounds a layer when it runs, and when it runs again in the backward pass."""
    return nullcontext(), again()
