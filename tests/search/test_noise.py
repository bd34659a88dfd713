"""Dropout whose masks the copies of a stack share."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from deltalab.delta.bitfit import BitFit
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.search.noise import SharedDropout

ROLES = ("attn.q", "cross.v", "ffn.out")


def mixed(backbone):
    """LoRA with dropout of its own, and BitFit."""
    units = [*Lora(2, dropout=0.2, roles=ROLES).units(backbone), *BitFit(ROLES).units(backbone)]
    return Delta("mixed", backbone, units)


def test_copies_see_one_mask_and_rows_their_own():
    x = torch.arange(1.0, 401.0).view(4, 100)
    with SharedDropout(2, 0):
        first, second = F.dropout(torch.cat([x, x]), 0.3).split(4)
        again = F.dropout(torch.cat([x, x]), 0.3)[:4]
    assert torch.equal(first, second)
    assert not torch.equal(first, again)
    assert not torch.equal(first[0] == 0, first[1] == 0)
    kept = first != 0
    torch.testing.assert_close(first[kept], x[kept] / 0.7)
    assert float(kept.float().mean()) == pytest.approx(0.7, abs=4 * (0.21 / 400) ** 0.5)


def test_masks_follow_from_the_seed_whatever_the_number_of_copies():
    x, dropout = torch.ones(2, 50), nn.Dropout(0.5)
    state = torch.random.get_rng_state()

    def drawn(copies, seed):
        with SharedDropout(copies, seed):
            return dropout(x.repeat(copies, 1))[:2]

    assert torch.equal(drawn(1, 5), drawn(3, 5))
    assert not torch.equal(drawn(1, 5), drawn(1, 6))
    assert torch.equal(torch.random.get_rng_state(), state)


def test_entering_again_starts_the_masks_anew():
    shared, x = SharedDropout(1, 0), torch.ones(60)
    with shared:
        first = F.dropout(x)
    with shared:
        assert torch.equal(F.dropout(x), first)


def test_nothing_is_dropped_in_evaluation():
    with SharedDropout(2, 0):
        assert torch.equal(nn.Dropout(0.5).eval()(torch.ones(3)), torch.ones(3))
        assert torch.equal(F.dropout(torch.ones(3), 0.0), torch.ones(3))


def test_outside_every_row_draws_its_own():
    assert not torch.equal(*F.dropout(torch.ones(2, 100)).split(1))


def test_rows_that_are_no_copies_are_refused():
    with SharedDropout(2, 0), pytest.raises(ValueError, match="3 rows are not 2 copies of the same"):
        F.dropout(torch.ones(3, 4))


def test_a_t5_in_training_gives_equal_copies_equal_logits(make_backbone, batch):
    """All of its dropouts: embeddings, blocks, attention weights, inner feed-forward, and LoRA's own."""
    backbone = make_backbone(dropout=0.3)
    backbone.model.train()
    delta, stack = mixed(backbone), Stack(backbone, "eager")
    theta = delta.layout.initial(0) + 0.1
    segment = Segment(delta, theta.expand(2, -1))
    plain, other = stack.logits(batch.repeat(2), [segment]).split(len(batch))
    assert (plain - other).abs().max() > 0.1
    with SharedDropout(2, 0):
        one, two = stack.logits(batch.repeat(2), [segment]).split(len(batch))
    with SharedDropout(1, 0):
        alone = stack.logits(batch, [Segment(delta, theta)])
    torch.testing.assert_close(one, two, rtol=0, atol=1e-4)
    torch.testing.assert_close(one, alone, rtol=0, atol=1e-4)


def test_fused_attention_drops_what_the_plain_one_drops(make_backbone, batch):
    backbone = make_backbone(dropout=0.3)
    backbone.model.train()
    delta, found = mixed(backbone), []
    segment = Segment(delta, (delta.layout.initial(0) + 0.1).expand(2, -1))
    for attention in ("eager", "sdpa"):
        with SharedDropout(2, 0):
            found.append(Stack(backbone, attention).logits(batch.repeat(2), [segment]))
    torch.testing.assert_close(*found, rtol=1e-4, atol=1e-4)


OPTIONS = [
    {},
    {"scale": 0.3},
    {"is_causal": True},
    {"attn_mask": torch.tensor([[True, False, True, True, False]])},
    {"attn_mask": torch.randn(1, 4, 3, 5, generator=torch.Generator().manual_seed(1))},
    {"heads": 2, "enable_gqa": True},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_attention_that_drops_next_to_nothing_is_that_of_torch(options):
    options = dict(options)
    draw, heads = torch.Generator().manual_seed(0), options.pop("heads", 4)
    query = torch.randn(2, 4, 3, 6, generator=draw)
    key, value = (torch.randn(2, heads, 5, 6, generator=draw) for _ in range(2))
    expected = F.scaled_dot_product_attention(query, key, value, **options)
    with SharedDropout(1, 0) as shared:
        found = F.scaled_dot_product_attention(query, key, value, dropout_p=1e-9, **options)
    assert shared.drew
    torch.testing.assert_close(found, expected)


def test_fused_attention_without_dropout_is_welcome(backbone, batch):
    delta, stack = mixed(backbone), Stack(backbone, "sdpa")
    expected = stack.logits(batch, [Segment(delta, delta.layout.initial(0))])
    with SharedDropout(1, 0):
        assert torch.equal(stack.logits(batch, [Segment(delta, delta.layout.initial(0))]), expected)


def test_it_tells_whether_anything_was_dropped():
    with SharedDropout(1, 0) as shared:
        F.dropout(torch.ones(3), 0.0)
        assert not shared.drew
        F.dropout(torch.ones(3), 0.5)
        assert shared.drew


@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.9])
def test_numbers_are_dropped_at_the_rate_asked_for_and_one_by_one(p):
    count = 400_003
    with SharedDropout(1, 0):
        dropped = F.dropout(torch.ones(count), p) == 0
    sigma = (p * (1 - p) / count) ** 0.5
    assert float(dropped.double().mean()) == pytest.approx(p, abs=4 * sigma)
    for distance in range(1, 9):
        both = (dropped[distance:] & dropped[:-distance]).double().mean()
        assert float(both) == pytest.approx(p**2, abs=5 * p / count**0.5)


def test_the_functions_of_torch_are_back_afterwards_even_after_an_error():
    before = F.dropout, F.scaled_dot_product_attention
    with pytest.raises(ValueError, match="are not 2 copies"), SharedDropout(2, 0):
        F.dropout(torch.ones(3, 4))
    assert (F.dropout, F.scaled_dot_product_attention) == before
