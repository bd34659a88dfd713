"""Logits of an adapter folder, by `peft` and by transformers alone, on a stock model."""

from __future__ import annotations

import copy

import peft
import torch


def logits(model, batch):
    start = model.prepare_decoder_input_ids_from_labels(batch.labels)
    with torch.no_grad():
        return model(
            input_ids=batch.input_ids, attention_mask=batch.attention_mask, decoder_input_ids=start, use_cache=False
        ).logits


def by_peft(stock, folder, batch):
    return logits(peft.PeftModel.from_pretrained(copy.deepcopy(stock), str(folder)).eval(), batch)


def by_transformers(stock, folder, batch):
    model = copy.deepcopy(stock)
    model.load_adapter(str(folder))
    return logits(model.eval(), batch)
