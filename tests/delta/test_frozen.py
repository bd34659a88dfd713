"""The backbone as it is."""

from __future__ import annotations

import torch

from deltalab.delta.frozen import Frozen
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack


def test_it_has_nothing_to_tune(backbone):
    delta = Frozen().bind(backbone, "frozen")
    assert delta.size == 0
    assert delta.units == ()
    assert delta.layout.initial(0).shape == (0,)
    assert delta.unit_sizes().shape == (0,)


def test_its_logits_are_those_of_the_stock_model_bit_for_bit(backbone, stock, batch):
    delta = Frozen().bind(backbone, "frozen")
    model = stock()
    start = model.prepare_decoder_input_ids_from_labels(batch.labels)
    expected = model(
        input_ids=batch.input_ids, attention_mask=batch.attention_mask, decoder_input_ids=start, use_cache=False
    ).logits
    for theta in (torch.zeros(0), torch.zeros(3, 0)):
        assert torch.equal(Stack(backbone).logits(batch, [Segment(delta, theta)]), expected)
