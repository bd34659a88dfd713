"""Batches cut, repeated and picked from."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from deltalab.backbone.batch import IGNORED, Batch, token_losses

FIELDS = ("input_ids", "attention_mask", "labels", "rows")


def among(batch, count, length):
    """The batch with candidates that tell its rows apart."""
    numbers = torch.arange(len(batch) * count * length)
    return replace(batch, candidates=numbers.view(len(batch), count, length))


def equal(one, other):
    return all(torch.equal(getattr(one, field), getattr(other, field)) for field in FIELDS)


def test_its_length_is_its_rows(batch):
    assert len(batch) == 6


def test_a_copy_follows_the_other_whole(batch):
    twice = batch.repeat(2)
    assert len(twice) == 12
    assert equal(twice.slice(0, 6), batch)
    assert equal(twice.slice(6, 12), batch)
    assert equal(batch.repeat(1), batch)


@pytest.mark.parametrize("index", [[3, 0, 3], [5], []])
def test_rows_are_taken_in_the_order_asked_for(index, batch):
    taken = batch.take(torch.tensor(index, dtype=torch.long))
    assert taken.rows.tolist() == index
    assert torch.equal(taken.input_ids, batch.input_ids[index])
    assert torch.equal(taken.labels, batch.labels[index])


def test_it_moves_as_a_whole(batch):
    moved = batch.to("meta")
    assert all(getattr(moved, field).device.type == "meta" for field in FIELDS)
    assert batch.input_ids.device.type == "cpu"


def test_joined_batches_keep_their_rows_and_pad_the_rest(make_batch):
    one, other = make_batch(2, source=7, target=3, seed=1), make_batch(3, source=4, target=5, seed=2)
    both = Batch.joined([one, other], pad=9)
    assert both.input_ids.shape == (5, 7)
    assert both.labels.shape == (5, 5)
    assert torch.equal(both.input_ids[:2], one.input_ids)
    assert torch.equal(both.input_ids[2:, :4], other.input_ids)
    assert (both.input_ids[2:, 4:] == 9).all()
    assert not both.attention_mask[2:, 4:].any()
    assert (both.labels[:2, 3:] == IGNORED).all()
    assert torch.equal(both.rows, torch.cat([one.rows, other.rows]))


def test_candidates_go_with_their_rows(batch):
    one = among(batch, 3, 2)
    assert torch.equal(one.repeat(2).candidates[6:], one.candidates)
    assert torch.equal(one.slice(1, 3).candidates, one.candidates[1:3])
    assert torch.equal(one.take(torch.tensor([4, 0])).candidates, one.candidates[[4, 0]])
    assert one.to("meta").candidates.device.type == "meta"


def test_joined_candidates_are_filled_up_with_ignored(make_batch):
    one, other = among(make_batch(2), 2, 3), among(make_batch(3), 4, 1)
    both = Batch.joined([one, other], pad=9).candidates
    assert both.shape == (5, 4, 3)
    assert torch.equal(both[:2, :2], one.candidates)
    assert torch.equal(both[2:, :, :1], other.candidates)
    assert (both[:2, 2:] == IGNORED).all()
    assert (both[2:, :, 1:] == IGNORED).all()
    with pytest.raises(ValueError, match="candidates"):
        Batch.joined([one, make_batch(2)], pad=9)


def test_a_row_brings_its_tokens_or_its_one_choice(batch):
    labels = batch.labels.clone()
    labels[2] = IGNORED
    some = replace(batch, labels=labels)
    assert some.terms.tolist() == [sum(token != IGNORED for token in row) for row in labels.tolist()]
    assert among(some, 3, 2).terms.tolist() == [1, 1, 0, 1, 1, 1]


def test_a_token_loses_its_surprise():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 3, 5, generator=generator)
    labels = torch.tensor([[4, 0, IGNORED], [IGNORED, 2, 1]])
    wanted = [
        [0.0 if y == IGNORED else float(logits[r, t].exp().sum().log() - logits[r, t, y]) for t, y in enumerate(row)]
        for r, row in enumerate(labels.tolist())
    ]
    torch.testing.assert_close(token_losses(logits, labels), torch.tensor(wanted))
