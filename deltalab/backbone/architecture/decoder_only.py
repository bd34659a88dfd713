"""Models that write on where the input ends, such as GPT-2 and Llama."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, DynamicCache

from deltalab.backbone.architecture.architecture import Architecture, Wording
from deltalab.backbone.architecture.ranking import has_cache, ranked, spelt_out
from deltalab.backbone.batch import IGNORED, Batch

if TYPE_CHECKING:
    from deltalab.backbone.backbone import Backbone

__all__ = ["DecoderOnly"]

_CONTINUED = Wording(lead=" ", special=False)


@final
@dataclass(frozen=True)
class DecoderOnly(Architecture):
    """The answer follows the input; positions count real tokens, so padding in front of a row changes nothing."""

    auto: Any = AutoModelForCausalLM
    wording: Wording = _CONTINUED

    def logits(self, backbone: Backbone, rows: Batch) -> Tensor:
        ids, mask = _left(rows)
        answer = rows.labels[:, :-1]
        ids = torch.cat([ids, answer.masked_fill(answer == IGNORED, backbone.pad_id)], dim=1)
        mask = torch.cat([mask, (answer != IGNORED).to(mask.dtype)], dim=1)
        model: Any = backbone.model
        output = model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=_positions(mask),
            use_cache=False,
            logits_to_keep=rows.labels.shape[1],
        )
        logits: Tensor = output.logits
        return logits

    def label_scores(self, backbone: Backbone, rows: Batch, labels: Tensor) -> Tensor:
        """The input runs once for each row, and what follows the first token of a label reads its cache."""
        if not has_cache(backbone):
            return spelt_out(self, backbone, rows, labels)
        model: Any = backbone.model
        ids, mask = _left(rows)
        cache = DynamicCache(config=model.config)
        first = model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=_positions(mask),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]

        def decode(inputs: Tensor, cache: DynamicCache, count: int) -> Tensor:
            before = mask.repeat_interleave(count, dim=0)
            positions = before.sum(1, keepdim=True) + torch.arange(inputs.shape[1], device=inputs.device)
            masks = torch.cat([before, before.new_ones(inputs.shape)], dim=1)
            output = model(
                input_ids=inputs, attention_mask=masks, position_ids=positions, past_key_values=cache, use_cache=True
            )
            logits: Tensor = output.logits
            return logits

        return ranked(first.float(), cache, labels, backbone.pad_id, decode)

    def generate(self, backbone: Backbone, rows: Batch, max_new_tokens: int) -> Tensor:
        model: Any = backbone.model
        ids, mask = _left(rows)
        written: Tensor = model.generate(
            input_ids=ids,
            attention_mask=mask,
            past_key_values=DynamicCache(config=model.config),
            max_new_tokens=max_new_tokens,
            pad_token_id=backbone.pad_id,
            num_beams=1,
            do_sample=False,
        )
        return written[:, ids.shape[1] :]


def _left(rows: Batch) -> tuple[Tensor, Tensor]:
    """Ids and mask with the padding in front, so that all answers begin in one column."""
    width = rows.input_ids.shape[1]
    missing = width - rows.attention_mask.sum(1, keepdim=True)
    columns = (torch.arange(width, device=missing.device) - missing) % width
    return rows.input_ids.gather(1, columns), rows.attention_mask.gather(1, columns)


def _positions(mask: Tensor) -> Tensor:
    """Each real token's place among the real ones of its row."""
    return (mask.cumsum(1) - 1).clamp(min=0)
