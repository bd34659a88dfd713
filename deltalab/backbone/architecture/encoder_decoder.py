"""Models that read with an encoder and write with a decoder, such as T5 and BART."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from torch import Tensor
from transformers import AutoModelForSeq2SeqLM, EncoderDecoderCache

from deltalab.backbone.architecture.architecture import PLAIN, Architecture, Wording
from deltalab.backbone.architecture.cache import new_cache
from deltalab.backbone.architecture.ranking import has_cache, ranked, spelt_out
from deltalab.backbone.batch import Batch

if TYPE_CHECKING:
    from deltalab.backbone.backbone import Backbone

__all__ = ["EncoderDecoder"]


@final
@dataclass(frozen=True)
class EncoderDecoder(Architecture):
    """The input goes to the encoder, the answer comes from the decoder."""

    auto: Any = AutoModelForSeq2SeqLM
    wording: Wording = PLAIN

    def logits(self, backbone: Backbone, rows: Batch) -> Tensor:
        model: Any = backbone.model
        output = model(
            input_ids=rows.input_ids,
            attention_mask=rows.attention_mask,
            decoder_input_ids=model.prepare_decoder_input_ids_from_labels(rows.labels),
            use_cache=False,
        )
        logits: Tensor = output.logits
        return logits

    def label_scores(self, backbone: Backbone, rows: Batch, labels: Tensor) -> Tensor:
        """The encoder and the decoder's first token run once for each row, the rest of a label reads their cache."""
        if not has_cache(backbone):
            return spelt_out(self, backbone, rows, labels)
        model: Any = backbone.model
        encoded = model.get_encoder()(input_ids=rows.input_ids, attention_mask=rows.attention_mask)
        states, mask, cache = encoded.last_hidden_state, rows.attention_mask, new_cache()

        def decode(inputs: Tensor, cache: EncoderDecoderCache, count: int) -> Tensor:
            repeated, masks = states.repeat_interleave(count, dim=0), mask.repeat_interleave(count, dim=0)
            output = model(
                encoder_outputs=(repeated,),
                attention_mask=masks,
                decoder_input_ids=inputs,
                past_key_values=cache,
                use_cache=True,
            )
            logits: Tensor = output.logits.float()
            return logits

        start = model.prepare_decoder_input_ids_from_labels(labels[:, 0])[:, :1]
        return ranked(decode(start, cache, 1)[:, 0], cache, labels, backbone.pad_id, decode)

    def generate(self, backbone: Backbone, rows: Batch, max_new_tokens: int) -> Tensor:
        model: Any = backbone.model
        ids: Tensor = model.generate(
            input_ids=rows.input_ids,
            attention_mask=rows.attention_mask,
            past_key_values=new_cache(),
            max_new_tokens=max_new_tokens,
            num_beams=1,
            do_sample=False,
        )
        return ids
